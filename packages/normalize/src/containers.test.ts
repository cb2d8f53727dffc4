import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { normalize, type WireMessage } from './index.ts'

const folder = fileURLToPath(new URL('./fixtures/', import.meta.url))
const position = 'wire.bureau@log1/2/34'
const wire = (bytes: Uint8Array, more: Partial<WireMessage> = {}): WireMessage => ({
  bytes,
  feed: { name: 'bureau', supplier: 'bureau', language: 'nl' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
  position,
  lane: 'live',
  ...more,
})

interface Made {
  readonly uri: string
  readonly headlines: readonly { readonly value: string }[]
}

const summary = (item: ReturnType<typeof normalize>['items'][number]): string => {
  if (item.kind !== 'item') return `${item.kind} ${item.reason}`
  const { headlines } = JSON.parse(item.document) as Made
  return `${item.item.storyKey?.slice('bureau:'.length)} ${headlines[0]?.value}`
}

describe('what is packed', () => {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.expected.json'))

  it.each(names)('is read in order from %s', (name) => {
    const bytes = readFileSync(folder + name)
    const expected = JSON.parse(readFileSync(`${folder}${name.slice(0, name.indexOf('.'))}.expected.json`, 'utf8'))
    const { items } = normalize(wire(bytes))
    expect(items.map(summary)).toEqual(expected.items)
    for (const [index, item] of items.entries()) {
      if (item.kind !== 'item') continue
      expect(item.item.position).toBe(`${position}#${index}`)
      expect(item.item.wireSha256).toBe(hash('sha256', bytes))
    }
  })

  it('has the source of the same item sent alone', () => {
    const item = { uri: 'urn:bureau:3', headline: 'Sluis open', body_text: 'De sluis is open.' }
    const packed = normalize(wire(readFileSync(`${folder}several-formats.zip`))).items[6]
    const alone = normalize(wire(Buffer.from(JSON.stringify(item)))).items[0]
    if (packed?.kind !== 'item' || alone?.kind !== 'item') throw new Error('no item')
    expect(packed.item.sourceHash).toBe(alone.item.sourceHash)
    expect(packed.document).toBe(alone.document)
  })

  it('is read as the format that the feed names, what a mail brings along as what it is', () => {
    const feed = { name: 'bureau', supplier: 'bureau', format: 'email' }
    expect(normalize(wire(readFileSync(`${folder}mail-with-messages.eml`), { feed })).items.slice(0, 2)).toMatchObject([
      { item: { format: 'email' } },
      { item: { format: 'newsml-g2' } },
    ])
    const named = { ...feed, format: 'newsml-g2' }
    expect(normalize(wire(readFileSync(`${folder}latin-1.xml.gz`), { feed: named })).items).toMatchObject([
      { item: { format: 'newsml-g2' } },
    ])
  })

  it('flags no encoding of a mail that its parts name', () => {
    const mail = Buffer.from(
      'From: a@b.example\nDate: Tue, 20 Jan 2026 09:00:00 +0100\nSubject: Kop\nContent-Type: text/plain; charset=iso-8859-1\n\nCafé.\n',
      'latin1',
    )
    const [item] = normalize(wire(mail)).items
    expect(item?.kind === 'item' && [item.item.flags, item.document.includes('Café')]).toEqual([undefined, true])
  })
})
