import { readdirSync, readFileSync } from 'node:fs'
import { faultOf, validatePublishedStory } from '@dateline/contracts'
import { type ExpectedReading, formats, readRecorded } from '@dateline/formats'
import { normalize } from '@dateline/normalize'
import { completeDocument, type Story, toDocument } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { iptcValidator } from '../support/iptc-validator.ts'
import { type Recorded, recordedMessages } from '../support/recorded.ts'
import { sharedFolder } from '../support/shared-folder.ts'
import { exceptions, heldByNinjs, withoutId } from './held-by-ninjs.ts'

const schemas = sharedFolder('iptc/ninjs/schemas')
const newsmlG2 = sharedFolder('iptc/newsml-g2/examples')
const examples = (newsmlG2 === null ? [] : readdirSync(newsmlG2)).map(
  (name) => [name, readFileSync(`${newsmlG2}/${name}`)] as const,
)
const recorded = recordedMessages().map((message) => [message.name, message] as const)
const supplierOf = ({ expected }: Recorded): string => expected.feed?.supplier ?? 'supplier'

/** The stories of a message as its format reads them. */
function storiesOf(bytes: Uint8Array, expected: ExpectedReading): readonly Story[] {
  const { items = [] } = readRecorded(bytes, expected, formats).reading
  return items.flatMap((item) => ('story' in item ? [item.story] : []))
}

/** The one story of a document. */
function readBack(document: string, supplier: string): Story {
  const [story] = storiesOf(Buffer.from(document), { feed: { format: 'ninjs', supplier } })
  if (story === undefined) throw new Error(`not read as ninjs: ${document}`)
  return story
}

/** With the uri that the publisher gives a story without an id. */
const whole = (document: string): string => completeDocument(document, { uri: withoutId, altIds: [] })

/** What the publisher would be given for a message, as it would leave. */
function publishedOf({ bytes, expected }: Pick<Recorded, 'bytes' | 'expected'>): readonly string[] {
  const { items } = normalize({
    bytes,
    feed: { name: 'feed', supplier: 'supplier', ...expected.feed },
    receivedAtMs: Date.parse(expected.receivedAt ?? '2026-01-20T12:00:00Z'),
    position: 'wire.feed@log/0/0',
    lane: 'live',
    ...(expected.contentType === undefined ? {} : { contentType: expected.contentType }),
  })
  return items.flatMap((item) => (item.kind === 'item' ? [whole(item.document)] : []))
}

describe('the recorded stories of every format', () => {
  it.each(recorded)('come back from their ninjs documents: %s', (_name, message) => {
    const supplier = supplierOf(message)
    for (const story of storiesOf(message.bytes, message.expected))
      expect(readBack(whole(toDocument(story, supplier)), supplier)).toEqual(heldByNinjs(story, supplier))
  })

  it.each(recorded)(
    'give documents that our schema takes, and that read as ninjs give themselves: %s',
    (_name, message) => {
      const supplier = supplierOf(message)
      for (const document of publishedOf(message)) {
        const published: unknown = JSON.parse(document)
        expect(validatePublishedStory(published) ? 'valid' : faultOf(validatePublishedStory)).toBe('valid')
        expect(toDocument(readBack(document, supplier), supplier)).toBe(document)
      }
    },
  )

  it('have every field of a story, and need every exception', () => {
    const stories = recorded.flatMap(([, message]) =>
      storiesOf(message.bytes, message.expected).map((story) => [story, supplierOf(message)] as const),
    )
    const page = readFileSync(new URL('../../docs/mapping.md', import.meta.url), 'utf8')
    const fields = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name as keyof Story)
    expect(fields.filter((name) => !stories.some(([story]) => name in story))).toEqual([])
    const idle = Object.entries(exceptions).filter(([name, { held }]) =>
      stories.every(
        ([story, supplier]) => JSON.stringify(story[name as keyof Story]) === JSON.stringify(held(story, supplier)),
      ),
    )
    expect(idle.map(([name]) => name)).toEqual([])
  })
})

describe.skipIf(schemas === null)("IPTC's ninjs 3.1 schema (skipped where ../shared/iptc is absent)", () => {
  const valid = iptcValidator(schemas)

  it.each(recorded)('takes what is published of %s', (_name, message) => {
    for (const document of publishedOf(message))
      expect(valid(JSON.parse(document)) ? 'valid' : JSON.stringify([valid.errors?.[0], document])).toBe('valid')
  })

  it.each(examples)("takes what is published of IPTC's example %s of NewsML-G2", (_name, bytes) => {
    for (const document of publishedOf({ bytes, expected: {} }))
      expect(valid(JSON.parse(document)) ? 'valid' : JSON.stringify([valid.errors?.[0], document])).toBe('valid')
  })
})
