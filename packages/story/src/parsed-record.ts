import type { ParsedRecord } from '@dateline/contracts'

const lineFeed = 10

/** A value of `stories.parsed` or `stories.embargoed`: the item or command on one line, a line feed, the document ('' for commands without one). */
export function encodeParsedRecord(line: ParsedRecord, document: string): Buffer {
  return Buffer.from(`${JSON.stringify(line)}\n${document}`)
}

/** The parts again. The line is trusted: it was validated when it entered. null when there is no line feed or the line is not JSON. */
export function decodeParsedRecord(value: Buffer): { readonly line: ParsedRecord; readonly document: string } | null {
  const end = value.indexOf(lineFeed)
  if (end < 0) return null
  try {
    return {
      line: JSON.parse(value.toString('utf8', 0, end)) as ParsedRecord,
      document: value.toString('utf8', end + 1),
    }
  } catch {
    return null
  }
}
