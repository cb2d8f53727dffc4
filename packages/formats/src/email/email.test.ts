import { describe, expect, it } from 'vitest'
import type { ParseContext } from '../wire-format.ts'
import { email } from './email.ts'
import { looksLikeMail } from './look.ts'

const context: ParseContext = {
  feed: { name: 'feed', supplier: 'pers', timezone: 'Europe/Amsterdam' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
}
const parse = (text: string) => {
  const bytes = Buffer.from(text)
  return email.parse({ bytes, text, charset: 'utf-8' }, context)
}
const header =
  'From: a@b.example\r\nDate: Tue, 20 Jan 2026 09:00:00 +0100\r\nSubject: Kop\r\nMessage-ID: <1@b.example>\r\n'

describe('email', () => {
  it.each([
    ['a report about a mail', `${header}Content-Type: multipart/report; boundary=b\r\n\r\n--b--`],
    ['an automatic answer', `${header}Auto-Submitted: auto-replied\r\n\r\nIk ben er niet.`],
  ])('ignores %s', (_what, text) => {
    expect(parse(text)).toMatchObject({ kind: 'ignore', reason: 'not-a-story' })
  })

  it.each([
    ['in the subject', 'Subject: EMBARGO tot 21 januari 2026, 15.15 uur\r\n\r\nDe begroting sluit.'],
    [
      'in the subject, in brackets',
      'Subject: Begroting sluit [embargo tot 21 januari 2026, 15.15 uur]\r\n\r\nDat is zo.',
    ],
    ['above the text', 'Subject: Begroting\r\n\r\nEMBARGO tot 21 januari 2026, 15.15 uur\r\n\r\nDe begroting sluit.'],
    [
      'below it',
      'Subject: Begroting\r\n\r\nDe begroting sluit.\r\n\r\nEMBARGO tot 21 januari 2026, 15.15 uur\r\n\r\nMeer.',
    ],
    [
      'in HTML, the later of two',
      'Content-Type: text/html\r\nSubject: Begroting [embargo tot 20 januari 2026, 14.00 uur]\r\n\r\n<p>De begroting sluit.</p><p><b>EMBARGO tot 21 januari 2026, 15.15 uur</b></p>',
    ],
  ])('holds an embargo %s', (_where, rest) => {
    const outcome = parse(
      `From: a@b.example\r\nDate: Tue, 20 Jan 2026 09:00:00 +0100\r\nMessage-ID: <1@b.example>\r\n${rest}`,
    )
    const [item] = outcome.kind === 'pass' ? outcome.value : []
    if (item?.kind !== 'pass') throw new Error(JSON.stringify(outcome))
    expect(item.value.story.embargoed).toBe('2026-01-21T15:15:00+01:00')
    expect(item.value.story.bodyText).not.toMatch(/embargo/i)
  })

  it.each([
    ['parts nested too deep', 'too-deep', nested(12)],
    [
      'too many parts',
      'too-complex',
      `${header}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(300)}--b--`,
    ],
    ['a header without end', 'too-complex', `${header}${'X-A: b\r\n'.repeat(2_000)}\r\ntekst`],
  ])('rejects %s', (_what, reason, text) => {
    expect(parse(text)).toMatchObject({ kind: 'reject', reason })
  })

  it('sees the same source in a mail that came another way and was encoded otherwise', () => {
    const plain = `${header}\r\nEen sluis gaat open.\r\n`
    const other = `Received: by x.example; nu\r\n${header}Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from('Een sluis gaat open.\n').toString('base64')}\r\n`
    const source = (text: string) => {
      const outcome = parse(text)
      const [item] = outcome.kind === 'pass' ? outcome.value : []
      return item?.kind === 'pass' ? item.value.source : outcome
    }
    expect(source(other)).toBe(source(plain))
    expect(source(plain.replace('open', 'dicht'))).not.toBe(source(plain))
  })

  it.each([
    ['boundaries', `${header}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bx\r\n'.repeat(200_000)}`],
    ['boundaries on one line', `${header}Content-Type: multipart/mixed; boundary=b\r\n\r\n\n${'--b'.repeat(300_000)}`],
    ['soft line breaks', `${header}Content-Transfer-Encoding: quoted-printable\r\n\r\n${'=\r\n'.repeat(300_000)}`],
    ['spaces', `${header}Content-Transfer-Encoding: quoted-printable\r\n\r\na${' '.repeat(1_000_000)}b`],
    ['encoded words', `${header}Keywords: ${'=?a?q?'.repeat(40_000)}\r\n\r\nx`],
    ['quotes', `From: ${'"\\'.repeat(100_000)}\r\n${header}\r\nx`],
    ['parameters', `${header}Content-Type: text/plain${';a="\\'.repeat(60_000)}\r\n\r\nx`],
    ['brackets', `From: ${'<'.repeat(200_000)}\r\n${header}\r\nx`],
    ['flowed lines', `${header}Content-Type: text/plain; format=flowed\r\n\r\n${'> a \r\n'.repeat(100_000)}`],
    ['rules', `${header}\r\n${'_____\r\n'.repeat(100_000)}`],
    ['signatures', `${header}\r\n${'-- \r\n'.repeat(100_000)}`],
  ])('takes hostile %s in its stride', (_what, text) => {
    const startMs = process.threadCpuUsage().user / 1_000
    parse(text)
    expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(5_000)
  })

  it.each([
    ['a page', 'Brug dicht: lange files\nZWOLLE (ANP) - De brug is dicht.'],
    ['notes that look like fields', 'Datum: 20 januari\nPlaats: Zwolle\n\nTekst'],
    ['fields of the web', 'Date: x\nContent-Type: y\nSubject: z\n\nTekst'],
  ])('takes %s for no mail', (_what, text) => {
    expect(looksLikeMail(Buffer.from(text))).toBe(false)
  })
})

function nested(depth: number): string {
  let text = header
  for (let level = 0; level < depth; level++)
    text += `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n`
  return `${text}\r\ntekst`
}
