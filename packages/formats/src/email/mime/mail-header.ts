/** A header field, unfolded. */
export interface HeaderField {
  /** In lower case. */
  readonly name: string
  /** As bytes: encoded words and letters beyond ASCII are not decoded yet. */
  readonly value: string
}

const longestHeader = 256 * 1024
const mostFields = 1_000

/**
 * The header of a mail or of a part (RFC 5322 2.2), and where its body begins. `bytes`: one character a byte. null where it is larger than
 * any mailer makes it.
 */
export function readHeader(bytes: string): { readonly fields: readonly HeaderField[]; readonly bodyAt: number } | null {
  const { end, bodyAt } = endOfHeader(bytes)
  if (end > longestHeader) return null
  const fields: { name: string; value: string }[] = []
  for (const line of bytes.slice(0, end).split(/\r?\n/)) {
    const last = fields.at(-1)
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value += line
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    fields.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1) })
    if (fields.length > mostFields) return null
  }
  return { fields: fields.map(({ name, value }) => ({ name, value: value.trim() })), bodyAt }
}

function endOfHeader(bytes: string): { readonly end: number; readonly bodyAt: number } {
  const leading = /^\r?\n/.exec(bytes)
  if (leading !== null) return { end: 0, bodyAt: leading[0].length }
  const found = /\n\r?\n/.exec(bytes)
  return found === null
    ? { end: bytes.length, bodyAt: bytes.length }
    : { end: found.index, bodyAt: found.index + found[0].length }
}

/** The first field of that name: later ones are often forged. */
export const fieldOf = (fields: readonly HeaderField[], name: string): string | undefined => {
  const value = fields.find((field) => field.name === name)?.value
  return value === '' ? undefined : value
}
