/** BCP 47, with hyphens where a feed has underscores; undefined for what is no tag. */
export function languageTag(text: string | undefined): string | undefined {
  const tag = text?.replaceAll('_', '-')
  return tag !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : undefined
}
