const lookCharacters = 20_000

/** The start tag of an XML document's root, without parsing: what stands before it is passed over. null where there is none near the start. */
export function rootTag(text: string): string | null {
  const start = text.slice(0, lookCharacters)
  let at = 0
  for (;;) {
    while (/\s/.test(start.charAt(at))) at++
    if (start.charAt(at) !== '<') return null
    const end = endOfProlog(start, at)
    if (end === null) {
      const close = start.indexOf('>', at)
      return start.slice(at, close < 0 ? undefined : close + 1)
    }
    if (end < 0) return null
    at = end
  }
}

/** Behind the declaration, comment or document type that begins here; -1 where it does not end, null where an element begins. */
function endOfProlog(text: string, at: number): number | null {
  if (text.startsWith('<?', at)) return behind(text, '?>', at)
  if (text.startsWith('<!--', at)) return behind(text, '-->', at)
  if (!text.startsWith('<!', at)) return null
  const end = text.indexOf('>', at)
  const subset = text.indexOf('[', at)
  return subset < 0 || subset > end ? behind(text, '>', at) : behind(text, '>', text.indexOf(']', subset))
}

function behind(text: string, closing: string, at: number): number {
  const end = at < 0 ? -1 : text.indexOf(closing, at)
  return end < 0 ? -1 : end + closing.length
}
