import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { validateParsedRecord, validatePublishedStory } from '@dateline/contracts'
import { completeDocument } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { normalize, type WireMessage } from './index.ts'

const position = 'wire.anp-site@log1/0/7'
const wire = (text: string | Uint8Array, more: Partial<WireMessage> = {}): WireMessage => ({
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
  feed: { name: 'anp-site', supplier: 'anp', language: 'nl', format: 'page-capture' },
  receivedAtMs: Date.parse('2026-01-20T15:20:30Z'),
  position,
  lane: 'live',
  ...more,
})

const capture = `Dijk bij Muiden houdt stand
MUIDEN (ANP) - De dijk bij Muiden heeft de storm doorstaan. Het waterschap meldt dat.
Inspecteurs liepen de hele nacht over de kruin.
Meer uit Binnenland
LELYSTAD (ANP/RTR) - De brug bij Lelystad gaat in maart twee weken dicht voor herstel van het wegdek.
7 minuten geledenGENÈVE (ANP/AFP) - De raad vergadert vrijdag over de toestand van het meer.
1 uur geleden`

describe('normalize', () => {
  it('makes an item with a document of each story of a page', () => {
    const { items } = normalize(wire(capture))
    expect(items).toHaveLength(3)
    for (const [index, item] of items.entries()) {
      if (item.kind !== 'item') throw new Error(JSON.stringify(item))
      expect(item.item.position).toBe(`${position}#${index}`)
      expect(validateParsedRecord(item.item)).toBe(true)
      const whole = completeDocument(item.document, {
        uri: 'urn:dateline:anp:x',
        altIds: [{ role: 'dateline:storyseq', value: '1' }],
      })
      expect(validatePublishedStory(JSON.parse(whole))).toBe(true)
    }
    expect(items[1]).toMatchObject({
      item: {
        pubStatus: 'usable',
        versionCreated: '2026-01-20T15:13:00Z',
        flags: ['time-relative', 'headline-from-body'],
      },
    })
  })

  it('passes a story on that says it replaces one whose id is far too long', () => {
    const text = JSON.stringify({ uri: 'urn:x:2', headline: 'Brug open', evolvedfrom: `urn:x:${'1'.repeat(1_200)}` })
    const [item] = normalize(wire(text, { feed: { name: 'anp-json', supplier: 'anp', format: 'ninjs' } })).items
    expect(item).toMatchObject({ kind: 'item', item: { storyKey: 'anp:urn:x:2', replaces: [] } })
  })

  it('gives the same bytes for the same message', () => {
    expect(JSON.stringify(normalize(wire(capture)))).toBe(JSON.stringify(normalize(wire(capture))))
  })

  it('sees the same source and content when only the times of a page moved on', () => {
    const first = normalize(wire(capture))
    const later = normalize(
      wire(capture.replace('7 minuten', '1 uur'), {
        receivedAtMs: Date.parse('2026-01-20T16:31:00Z'),
        position: 'wire.anp-site@log1/0/8',
      }),
    )
    const identities = ({ items }: typeof first) =>
      items.map((item) => (item.kind === 'item' ? [item.item.sourceHash, item.item.content] : item))
    expect(identities(later)).toEqual(identities(first))
  })

  it.each([
    ['empty', wire('')],
    ['too-large', wire(new Uint8Array(8 * 1024 * 1024 + 1))],
    ['unknown-format', wire('zomaar wat', { feed: { name: 'x', supplier: 'x' } })],
    ['unknown-format', wire('zomaar wat', { feed: { name: 'x', supplier: 'x', format: 'telex' } })],
  ])('rejects %s as one item', (reason, message) => {
    const { items } = normalize(message)
    expect(items).toMatchObject([{ kind: 'reject', reason }])
  })

  it('reads the captured ANP page', ({ skip }) => {
    const sample = fileURLToPath(new URL('../../../../shared/samples/anp-page-capture.txt', import.meta.url))
    const text = readOr(sample)
    if (text === null) return skip(`no ${sample}`)
    const stories = normalize(wire(text, { feed: { name: 'anp-site', supplier: 'anp' } })).items.map((item) =>
      item.kind === 'item' ? JSON.parse(item.document) : item,
    )
    expect(
      stories.map(({ located, infoSources }) => [
        located,
        ...infoSources.map(({ literal }: { literal: string }) => literal),
      ]),
    ).toEqual([
      ['Pyongyang', 'ANP'],
      ['Londen', 'ANP', 'RTR'],
      ['Genève', 'ANP'],
      ['Davos', 'ANP'],
      ['Moskou', 'ANP', 'AFP'],
      ['Kyiv', 'ANP', 'RTR'],
      ['Jeruzalem', 'ANP', 'AFP'],
      ['Straatsburg', 'ANP'],
    ])
    expect(stories.map(({ language }) => language)).toEqual(Array(8).fill('nl'))
    expect(stories.map(({ subjects }) => subjects)).toEqual(Array(8).fill([{ name: 'Buitenland', rel: 'section' }]))
    expect(stories.map(({ versionCreated }) => versionCreated?.slice(11, 16))).toEqual([
      undefined,
      '15:13',
      ...Array(4).fill('14:00'),
      ...Array(2).fill('13:00'),
    ])
    const [lead] = stories
    expect(lead.headlines[0].value).toBe('Poetin op zeer zeldzaam bezoek in Noord-Korea')
    expect(lead.bodies[1].value.split('\n\n')).toHaveLength(6)
    expect(lead.bodies[1].value).toMatch(/^De Russische president[\s\S]*Vietnam\.$/)
  })
})

function readOr(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
