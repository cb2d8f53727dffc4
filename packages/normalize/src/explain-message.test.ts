import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { explainMessage, normalize, type WireMessage } from './index.ts'

const wire = (text: string | Uint8Array, more: Partial<WireMessage> = {}): WireMessage => ({
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
  feed: { name: 'nzp-wire', supplier: 'nzp', language: 'nl' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
  position: 'wire.nzp-wire@log1/0/1',
  lane: 'live',
  ...more,
})
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:reuters.com,2026:newsml_A" version="3" xml:lang="nl">
  <itemMeta><versionCreated>2026-01-20T09:30:00</versionCreated><pubStatus qcode="stat:usable"/><signal qcode="edStat:C"/></itemMeta>
  <contentMeta><headline>Brug dicht</headline><subject type="cpnat:person" qcode="p:1"><name>Joop</name></subject><tide>eb</tide></contentMeta>
  <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body><p>ZWOLLE (ANP) - De brug is dicht.</p></body></html></inlineXML></contentSet>
</newsItem>`

const partOf = (message: WireMessage) => {
  const [part] = explainMessage(message).parts
  if (part === undefined) throw new Error('no part')
  return part
}
const fieldsOf = (message: WireMessage, index = 0) =>
  Object.fromEntries((partOf(message).items[index]?.fields ?? []).map((field) => [field.name, field]))

describe('explainMessage', () => {
  it('says format, character set, corrections, flags and what was left over', () => {
    expect(partOf(wire(xml))).toMatchObject({
      format: { name: 'newsml-g2', knownBy: 'message' },
      charset: { name: 'utf-8' },
      corrections: ['reuters'],
      items: [{ outcome: 'item', flags: ['zone-assumed'], unmapped: ['contentMeta/tide'] }],
      isTraceComplete: true,
    })
  })

  it('says of every field of an XML message from which elements and attributes it comes', () => {
    const fields = fieldsOf(wire(xml))
    expect(fields.id).toMatchObject({ value: 'tag:reuters.com,2026:newsml_A', from: ['newsItem/@guid'] })
    expect(fields.version?.from).toEqual(['newsItem/@version'])
    expect(fields.versionCreated?.from).toEqual(['newsItem/itemMeta/versionCreated'])
    expect(fields.headlines?.from).toEqual(['newsItem/contentMeta/headline'])
    expect(fields.people?.from).toContain('newsItem/contentMeta/subject/name')
    expect(fields.bodyText?.from).toContain('newsItem/contentSet/inlineXML/html/body/p')
    expect(fields.change?.from).toEqual(['newsItem/itemMeta/signal/@qcode'])
  })

  it('says which enrichment added a field or changed it', () => {
    const fields = fieldsOf(wire(xml))
    expect(fields.located).toMatchObject({ value: 'Zwolle', from: [], enrichedBy: ['dateline'] })
    expect(fields.bodyText).toMatchObject({ value: 'De brug is dicht.', enrichedBy: ['dateline'] })
  })

  it('says of a JSON message the keys, and of a text the lines', () => {
    const json = JSON.stringify([
      { uri: 'a', headline: 'Kop' },
      { uri: 'b', pubstatus: 'usable', subject: [{ name: 'brug' }] },
    ])
    expect(fieldsOf(wire(json), 1)).toMatchObject({
      id: { from: ['[].uri'] },
      pubStatus: { from: ['[].pubstatus'] },
      subjects: { from: ['[].subject[].name'] },
    })
    const text =
      'EMBARGO tot 21 januari 2026, 15.15 uur\n\nBrug weer open voor verkeer\n\nZWOLLE (ANP) - De brug bij Zwolle is weer open.\n'
    expect(fieldsOf(wire(text))).toMatchObject({
      embargoed: { from: ['line 1'] },
      headlines: { from: ['line 3'] },
      bodyText: { from: ['line 5'] },
    })
  })

  it('says of a mail the headers, and the lines of its texts as they read when decoded', () => {
    const mail = [
      'Received: from mx.amt.example by in.krant.example; Tue, 20 Jan 2026 10:00:05 +0100',
      'From: Amt <presse@amt.example>',
      'Subject: =?utf-8?q?Br=C3=BCcke_gesperrt?=',
      'Date: Tue, 20 Jan 2026 10:00:00 +0100',
      'Message-ID: <1@amt.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(`EMBARGO tot 21 januari 2026, 10.00 uur\n\n${'De brug is dicht. '.repeat(9)}\n`).toString('base64'),
      '--b',
      'Content-Type: application/pdf; name=plan.pdf',
      'Content-Transfer-Encoding: base64',
      '',
      'JVBERi0xLjQKAAEC'.repeat(200_000),
      '--b--',
    ].join('\r\n')
    expect(partOf(wire(mail))).toMatchObject({ format: { name: 'email' }, isTraceComplete: true })
    expect(fieldsOf(wire(mail))).toMatchObject({
      id: { from: ['Message-ID header'] },
      versionCreated: { from: ['Date header'] },
      headlines: { value: [{ value: 'Brücke gesperrt' }], from: ['Subject header'] },
      infoSources: { from: ['From header'] },
      embargoed: { from: ['line 1 of part 1 (text/plain)'] },
      bodyText: { from: ['line 3 of part 1 (text/plain)'] },
      associations: { from: expect.arrayContaining(['part 2 (application/pdf)']) },
    })
    const plain = `From: presse@amt.example\nSubject: Brug dicht\nDate: Tue, 20 Jan 2026 10:00:00 +0100\n\nDe brug is dicht.\n`
    expect(fieldsOf(wire(plain))).toMatchObject({
      headlines: { from: ['Subject header'] },
      bodyText: { from: ['line 1 of the text'] },
    })
  })

  it('numbers the items of packed messages as the pipeline does, and says how a part is called', () => {
    const bytes = readFileSync(new URL('./fixtures/mail-with-messages.eml', import.meta.url))
    const message = wire(bytes)
    const { parts } = explainMessage(message)
    const numbered = parts.flatMap(({ items }) => items)
    expect(numbered.map(({ index }) => index)).toEqual(numbered.map((_item, at) => at))
    expect(numbered.map(({ outcome }) => outcome)).toEqual(normalize(message).items.map(({ kind }) => kind))
    expect(parts.map(({ items }) => items.length)).toContain(3)
    expect(parts[1]?.contentType).toBe('application/xml; name=1.xml')
  })

  it.each([
    [
      'the feed',
      Buffer.from('Kop één\n\nZWOLLE (ANP) - Het café is dicht. Dat meldt de gemeente.', 'latin1'),
      { charset: 'iso-8859-1' },
      undefined,
      'feed',
    ],
    [
      'the content type',
      Buffer.from('Kop één\n\nZWOLLE (ANP) - Het café is dicht.', 'latin1'),
      {},
      'text/plain; charset=iso-8859-1',
      'content type',
    ],
    [
      'a byte order mark',
      Buffer.from('\ufeffKop\n\nZWOLLE (ANP) - De brug is dicht.'),
      {},
      undefined,
      'byte order mark',
    ],
    [
      'the declaration',
      Buffer.from(xml.replace('UTF-8', 'ISO-8859-1').replace('Brug', 'Brüg'), 'latin1'),
      {},
      undefined,
      'xml declaration',
    ],
    ['nobody', Buffer.from('Kop één\n\nZWOLLE (ANP) - Het café is dicht.', 'latin1'), {}, undefined, 'bytes'],
  ] as const)('says that %s named the character set', (_what, bytes, feed, contentType, knownBy) => {
    const message = wire(bytes, {
      feed: { name: 'nzp-wire', supplier: 'nzp', ...feed },
      ...(contentType === undefined ? {} : { contentType }),
    })
    expect(partOf(message).charset?.knownBy).toBe(knownBy)
  })

  it('gives the outcome and no fields of what cannot be read', () => {
    expect(partOf(wire('<x/>'))).toMatchObject({
      corrections: [],
      items: [{ outcome: 'reject', reason: 'unknown-format', fields: [] }],
    })
    expect(partOf(wire(new Uint8Array([0, 1, 2]))).charset).toBeUndefined()
  })

  it('explains each message that is packed in one', () => {
    const { parts } = explainMessage(wire(gzipSync(xml)))
    expect(parts).toMatchObject([{ format: { name: 'newsml-g2' }, items: [{ outcome: 'item' }] }])
    expect(parts[0]?.items[0]?.fields.length).toBeGreaterThan(5)
  })

  it('leaves a large message in reasonable time, and says so', () => {
    const many = JSON.stringify(
      Array.from({ length: 1_500 }, (_, at) => ({ uri: `u${at}`, headline: 'Kop', byline: 'Wij' })),
    )
    expect(partOf(wire(many)).isTraceComplete).toBe(false)
  })
})
