import { faultOf, validatePublishedStory } from '@dateline/contracts'
import { completeDocument, killDocument, storyUri, toDocument } from '@dateline/story'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { iptcValidator } from '../support/iptc-validator.ts'
import { sharedFolder } from '../support/shared-folder.ts'
import { anyStory } from '../support/story-arbitrary.ts'

const schemas = sharedFolder('iptc/ninjs/schemas')
const altIds = [
  { role: 'dateline:storykey', value: 'anp:"x"' },
  { role: 'dateline:storyseq', value: '12' },
]
const anyDocument = anyStory.map((story) =>
  completeDocument(toDocument(story, 'anp'), { uri: 'urn:dateline:anp:by-content', altIds }),
)
const runs = { numRuns: 1_000 }

describe('the published document', () => {
  it('is valid against our schema, whatever the story', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const value: unknown = JSON.parse(document)
        expect(validatePublishedStory(value) ? 'valid' : faultOf(validatePublishedStory)).toBe('valid')
      }),
      runs,
    )
  })

  it('begins with its uri and ends with the ids that the publisher added', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const keys = Object.keys(JSON.parse(document))
        expect([keys[0], keys.at(-1)]).toEqual(['uri', 'altIds'])
        expect(JSON.parse(document).altIds.slice(-2)).toEqual(altIds)
        expect(
          JSON.parse(document).altIds.filter(({ role }: { role: string }) => role.startsWith('dateline:')),
        ).toHaveLength(2)
      }),
      runs,
    )
  })

  it('is the same text for the same story, and the same but for the ids when they are added', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const document = toDocument(story, 'anp')
        expect(toDocument(structuredClone(story), 'anp')).toBe(document)
        const { altIds: _, ...rest } = JSON.parse(completeDocument(document, { altIds }))
        const { altIds: __, ...before } = JSON.parse(document)
        expect(rest).toEqual(before)
      }),
      runs,
    )
  })
})

describe.skipIf(schemas === null)("IPTC's ninjs 3.1 schema", () => {
  const valid = iptcValidator(schemas)

  it('takes every document that a story gives', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const value: unknown = JSON.parse(document)
        expect(valid(value) ? 'valid' : JSON.stringify(valid.errors?.[0])).toBe('valid')
      }),
      runs,
    )
  })

  it('takes every kill notice', () => {
    const notice = fc.record({
      pubStatus: fc.constantFrom('canceled' as const, 'withheld' as const),
      headline: fc.string(),
      edNote: fc.string(),
    })
    fc.assert(
      fc.property(fc.string(), notice, (id, rest) => {
        const value: unknown = JSON.parse(
          completeDocument(killDocument({ uri: storyUri('anp', id), ...rest }), { altIds }),
        )
        expect([valid(value), validatePublishedStory(value)]).toEqual([true, true])
      }),
      runs,
    )
  })

  it('takes whatever our schema takes', () => {
    let taken = 0
    fc.assert(
      fc.property(anyDocument, fc.array(change, { minLength: 1, maxLength: 3 }), (document, changes) => {
        const value: unknown = changes.reduce(changed, JSON.parse(document))
        if (!validatePublishedStory(value)) return
        taken++
        expect(valid(value) ? 'valid' : JSON.stringify([value, valid.errors?.[0]])).toBe('valid')
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(300)
  })
})

/** A change somewhere in a document: a property set to another value, or removed. */
const change = fc.record({
  path: fc.array(fc.nat(40), { minLength: 1, maxLength: 3 }),
  value: fc.oneof(
    fc.constant(undefined),
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constantFrom('http://a.test/x', 'text', '2026-01-02T03:04:05Z', '2026-01-02T24:00:00Z', 'urn:x:y', null, true),
    fc.constant([]),
    fc.constant({}),
    fc.constant([{ value: 'x' }]),
    fc.constant([{ name: 'x', uri: 'urn:a:b' }]),
  ),
  extra: fc.option(
    fc.constantFrom('uri', 'name', 'rel', 'literal', 'contentType', 'embargoedUntil', 'altIds', 'people', 'title', 'x'),
  ),
})

function changed(
  document: unknown,
  { path, value, extra }: { path: number[]; value: unknown; extra: string | null },
): unknown {
  const root = structuredClone(document) as Record<string, unknown>
  let at = root
  for (const step of path.slice(0, -1)) {
    const next = Object.values(at)[step % Math.max(1, Object.keys(at).length)]
    if (typeof next === 'object' && next !== null) at = next as Record<string, unknown>
  }
  const keys = Object.keys(at)
  const key = extra ?? keys[(path.at(-1) ?? 0) % Math.max(1, keys.length)]
  if (key === undefined) return root
  if (value === undefined) delete at[key]
  else at[key] = value
  return root
}
