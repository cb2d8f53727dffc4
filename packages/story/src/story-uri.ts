const escaped = '%[0-9A-Fa-f]{2}'
const segment = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|${escaped})`
const tail = `(?:\\?(?:${segment}|[/?])*)?(?:#(?:${segment}|[/?])*)?`
const authority = `//[A-Za-z0-9._~-]+(?::\\d{1,5})?(?:/${segment}*)*`
const rootless = `${segment}+(?:/${segment}*)*`
/** RFC 3986 without user names, IP literals and empty paths: narrower than any validator's `format: uri`. */
const uri = new RegExp(`^[A-Za-z][A-Za-z0-9+.-]+:(?:${authority}|${rootless})${tail}$`)
/** Agencies' own ids may look like a URI ("bdt:0709"), so only schemes that are one count. */
const identifying = /^(?:urn|tag|https?|info):|^[a-z][a-z0-9+.-]+:\/\//i

const longestUri = 2000

/** True for an absolute URI of at most 2,000 characters that JSON Schema's `format: uri` takes too. */
export const isUri = (text: string): boolean => text.length <= longestUri && uri.test(text)

/** The `uri` of a story's documents: the supplier's id where it is a URI or URN, else one made from it. The same for all versions. */
export function storyUri(supplier: string, id: string): string {
  if (identifying.test(id) && isUri(id)) return id
  return `urn:dateline:${encode(supplier)}:${encode(id)}`
}

/** `<supplier>:<the supplier's own stable id>`, the Kafka key and the subject of every event of the story. */
export const storyKeyOf = (supplier: string, id: string): string => `${supplier}:${id}`

const encode = (text: string): string => encodeURIComponent(text.toWellFormed())
