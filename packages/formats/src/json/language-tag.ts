import { textOf } from './json-values.ts'

/** A language as sent, as BCP 47; undefined for what is none. */
export function languageTag(value: unknown): string | undefined {
  const language = textOf(value)?.replaceAll('_', '-')
  return language !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(language) ? language : undefined
}
