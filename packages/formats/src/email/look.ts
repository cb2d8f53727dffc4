import { Buffer } from 'node:buffer'

const lookBytes = 64 * 1024
const field = /^([!-9;-~]{1,80}):/
/** Header fields of which every mail has several. */
const usual = new Set(
  'from date subject message-id received return-path mime-version to delivered-to reply-to content-type'.split(' '),
)
/** One of these tells a mail from any other text that begins with fields. */
const certain = new Set(['from', 'received', 'message-id', 'return-path'])

/** Whether a message begins as an e-mail does: a block of header fields, some of them a mail's. A cheap look; other texts end it at the first line. */
export function looksLikeMail(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0
  const isLetter = (first >= 65 && first <= 90) || (first >= 97 && first <= 122)
  return isLetter && fieldOrEnvelope.test(latin1(bytes, 100)) && hasMailHeader(latin1(bytes, lookBytes))
}

const fieldOrEnvelope = /^(?:[!-9;-~]{1,80}:|From )/
const latin1 = (bytes: Uint8Array, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.byteLength)).toString('latin1')

function hasMailHeader(start: string): boolean {
  const found = new Set<string>()
  let at = 0
  while (at < start.length) {
    const end = start.indexOf('\n', at)
    const line = start.slice(at, end < 0 ? undefined : end).replace(/\r$/, '')
    if (line === '') break
    const name = field.exec(line)?.[1]?.toLowerCase()
    const isFolded = at > 0 && /^[ \t]/.test(line)
    // Mailboxes put a line of their own before each mail.
    const isEnvelope = at === 0 && line.startsWith('From ')
    // The last line may be cut by where the look ends.
    if (name === undefined && !isFolded && !isEnvelope && end >= 0) return false
    if (name !== undefined && usual.has(name)) found.add(name)
    if (end < 0) break
    at = end + 1
  }
  return found.size >= 3 && [...certain].some((name) => found.has(name))
}
