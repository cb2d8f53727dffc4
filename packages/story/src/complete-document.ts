export interface Completion {
  /** The story's uri, for a document that has none. */
  readonly uri?: string
  /** Appended to the document's own. */
  readonly altIds: readonly { readonly role: string; readonly value: string }[]
}

/**
 * A document by `toDocument` or `killDocument`, completed by what only the publisher knows. Nothing is parsed: such a document begins
 * with `uri` where it has one and ends with the object `standard`, or after it with `altIds`.
 */
export function completeDocument(document: string, { uri, altIds }: Completion): string {
  const open =
    uri === undefined || document.startsWith('{"uri":')
      ? document
      : `{"uri":${JSON.stringify(uri)},${document.slice(1)}`
  if (altIds.length === 0) return open
  const added = altIds.map(({ role, value }) => JSON.stringify({ role, value })).join(',')
  if (open.endsWith('}]}')) return `${open.slice(0, -2)},${added}]}`
  return `${open.slice(0, -1)},"altIds":[${added}]}`
}
