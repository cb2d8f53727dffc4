import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readableHead } from './readable-head.ts'

const headOf = (bytes: Buffer, contentType?: string) =>
  readableHead(bytes.subarray(0, 4_096), { totalBytes: bytes.byteLength, contentType })
const linesOf = (bytes: Buffer): string[] => headOf(bytes).text.split('\n')
/** The same for ever, and no text. */
const noise = Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * at * 7 + at * 131) % 256))

describe('the beginning of a message', () => {
  it('is the whole of a short text', () => {
    expect(headOf(Buffer.from('Kop\r\n\r\nDe brug is dicht.\r\n'))).toEqual({
      text: 'Kop\n\nDe brug is dicht.',
      isCut: false,
    })
    expect(headOf(Buffer.from('Kop één', 'latin1'), 'text/plain; charset=iso-8859-1').text).toBe('Kop één')
    expect(headOf(Buffer.from('\ufeffKop één', 'utf16le')).text).toBe('Kop één')
  })

  it('is forty lines and 4 KB of a long one, whatever letter stands where it is cut', () => {
    const lines = headOf(Buffer.from('De brug is dicht.\n'.repeat(100)))
    expect([lines.text.split('\n').length, lines.isCut]).toEqual([40, true])
    for (const start of ['', 'x']) {
      const { text, isCut } = headOf(Buffer.from(start + 'é'.repeat(9_000)))
      expect([text.replace(/é/g, ''), isCut]).toEqual([start, true])
      expect(Buffer.byteLength(text)).toBeGreaterThan(4_090)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096)
    }
  })

  it.each([
    ['packed bytes', gzipSync(noise)],
    ['noise', noise],
    ['letters between zeros', Buffer.from('abc\0de\0'.repeat(900))],
    ['nothing but control bytes', Buffer.alloc(5_000, 0x01)],
  ])('is sixteen lines of numbers for %s', (_what, bytes) => {
    const lines = linesOf(bytes)
    expect(lines).toHaveLength(16)
    for (const line of lines) expect(line).toMatch(/^[0-9a-f]{7}0 {2}(?:[0-9a-f]{2} ){15}[0-9a-f]{2} {2}\|[ -~]{16}\|$/)
    expect(headOf(bytes).isCut).toBe(true)
  })

  it('is the one line of numbers that a few bytes make', () => {
    expect(headOf(Buffer.from([0, 0x41, 0x1b, 0xff]))).toEqual({
      text: `00000000  00 41 1b ff${' '.repeat(36)}  |.A..|`,
      isCut: false,
    })
  })

  it('holds nothing that a terminal obeys', () => {
    const sent = `Kop \x1b]0;title\x07\x1b[2J\u009b31m \u202egnp.exe\n${'De brug is dicht. '.repeat(10)}`
    expect(headOf(Buffer.from(sent)).text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u)
    expect(headOf(Buffer.from(sent)).text).toContain('\\x1b[2J')
    expect(headOf(Buffer.from('')).text).toBe('')
  })
})
