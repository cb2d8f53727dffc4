const headBytes = 8_192
const flashBytes = 65_536

/** Urgency 1 as the wire formats write it, and the marks of a kill or withhold. A false hit is harmless: the message only takes the other lane. */
const flashMarks =
  /<urgency[^>]{0,80}>\s*1\s*<|Urgency\s+FormalName="1"|ed-urg="1"|"urgency"\s*:\s*"?1"?\s*[,}\n]|"priority"\s*:\s*"?1"?\s*[,}\n]|stat:(?:cancell?ed|withheld)|management-status="(?:cancell?ed|withheld)"|FormalName="(?:cancell?ed|withheld)"|"pub_?status"\s*:\s*"(?:cancell?ed|withheld)"|edStat:D\b/i

/** Whether the message looks urgent. Looks at the first 64 KB as Latin-1: marks are ASCII in every encoding we take but UTF-16. */
export function looksFlash(bytes: Uint8Array): boolean {
  return flashMarks.test(asLatin1(bytes, flashBytes))
}

/** The ids that formats put near their beginning; whichever comes first. */
const idMarks =
  /\bguid="([^"]{1,400})"|<NewsItemId>([^<]{1,400})<|<du-key[^>]{0,200}\bkey="([^"]{1,400})"|"(?:guid|uri)"\s*:\s*"([^"\\]{1,400})"/

/** The supplier's id when it is cheap to see, else null. Only for the key of the wire record, which keeps versions of a story together. */
export function visibleId(bytes: Uint8Array): string | null {
  const found = idMarks.exec(asLatin1(bytes, headBytes))
  return found === null ? null : (found.slice(1).find((group) => group !== undefined) ?? null)
}

const asLatin1 = (bytes: Uint8Array, most: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, most)).toString('latin1')
