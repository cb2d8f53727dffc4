import { hash } from 'node:crypto'
import { enrich } from '@dateline/enrich'
import { formats, type WireFormat } from '@dateline/formats'
import { pass, type Story } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { createNormalizer, normalize, type WireMessage } from './index.ts'

const message = (value: unknown, more: Partial<WireMessage> = {}): WireMessage => ({
  bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  feed: { name: 'anp-ninjs', supplier: 'anp', language: 'nl', timezone: 'Europe/Amsterdam' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
  position: 'wire.anp-ninjs@log1/2/34',
  lane: 'live',
  ...more,
})
const only = (value: unknown, more: Partial<WireMessage> = {}) => {
  const { items } = normalize(message(value, more))
  expect(items).toHaveLength(1)
  return items[0]
}
const story = {
  uri: 'ANP-200126-001',
  version: '2',
  headline: 'Brug dicht',
  body_html: '<p>ZWOLLE (ANP) - De brug is dicht.</p>',
}

describe('normalize', () => {
  it('fills the item that travels before the document', () => {
    const wire = message({
      ...story,
      urgency: '1',
      signal: ['sig:correction'],
      evolvedfrom: 'ANP-200126-000',
      versioncreated: '2026-01-20T10:00:00',
    })
    const [made] = normalize({ ...wire, lane: 'replay', attempt: 'r1.0', replayId: 'r1', traceparent: '00-x' }).items
    if (made?.kind !== 'item') throw new Error(JSON.stringify(made))
    expect(made.item).toEqual({
      kind: 'item',
      supplier: 'anp',
      feed: 'anp-ninjs',
      storyKey: 'anp:ANP-200126-001',
      position: 'wire.anp-ninjs@log1/2/34#0',
      receivedAt: '2026-01-20T12:00:00.000Z',
      wireSha256: hash('sha256', wire.bytes),
      attempt: 'r1.0',
      lane: 'replay',
      replayId: 'r1',
      format: 'ninjs',
      version: '2',
      versionCreated: '2026-01-20T10:00:00+01:00',
      pubStatus: 'usable',
      signals: ['sig:correction'],
      change: 'correction',
      urgency: 1,
      replaces: ['anp:ANP-200126-000'],
      sourceHash: made.item.sourceHash,
      outputHash: hash('sha256', made.document),
      flags: ['zone-assumed'],
      traceparent: '00-x',
    })
    expect(JSON.parse(made.document)).toMatchObject({ uri: 'urn:dateline:anp:ANP-200126-001', located: 'Zwolle' })
  })

  it('rejects a kill that names no story, and keeps one that does', () => {
    expect(only({ pubstatus: 'canceled', headline: 'KILL' })).toMatchObject({ reason: 'kill-without-id' })
    expect(only({ pubstatus: 'withheld', body_text: 'Ingetrokken' })).toMatchObject({ reason: 'kill-without-id' })
    const kill = only({ ...story, pubstatus: 'Cancelled', ednote: 'Bron klopt niet' })
    expect(kill).toMatchObject({ kind: 'item', item: { pubStatus: 'canceled', storyKey: 'anp:ANP-200126-001' } })
    expect(kill?.kind === 'item' && JSON.parse(kill.document)).toMatchObject({
      edNote: 'Bron klopt niet',
      pubStatus: 'canceled',
    })
    expect(kill?.kind === 'item' && kill.document).not.toContain('De brug is dicht')
  })

  it('never lets a test message through', () => {
    for (const signal of ['Test', 'sig:test', 'http://signals.example/Test']) {
      expect(only({ ...story, signal: [signal] })).toMatchObject({ kind: 'ignore', reason: 'test-message' })
    }
    expect(only({ ...story, signal: ['latest'] })).toMatchObject({ kind: 'item' })
  })

  it.each([
    ['', undefined],
    ['2026-01-20T18:00:00', '2026-01-20T18:00:00+01:00'],
    ['2019-01-20T18:00:00Z', '2019-01-20T18:00:00Z'],
    ['binnenkort', 'indefinite'],
    [null, undefined],
  ])('takes the embargo "%s" for %s', (embargoed, embargo) => {
    const made = only({ ...story, byline: '', embargoed })
    expect(made?.kind === 'item' && made.item.embargo).toBe(embargo)
  })

  it('keeps the items of a message that are good when one is bad, each at its own position', () => {
    const { items } = normalize(message([story, 'x', { pubstatus: 'canceled' }, { ...story, uri: 'b' }]))
    expect(
      items.map((item) => (item.kind === 'item' ? item.item.position.slice(-2) : `${item.reason} ${item.step}`)),
    ).toEqual(['#0', 'invalid parseItems', 'kill-without-id refuseNameless', '#3'])
  })

  it('gives a story without an id an identity by its content, which enrichment does not touch', () => {
    const nameless = { headline: 'Brug dicht', body_html: story.body_html }
    const made = only(nameless)
    const unenriched = createNormalizer({ formats, enrich: (given) => given })(message(nameless)).items[0]
    if (made?.kind !== 'item' || unenriched?.kind !== 'item') throw new Error('no item')
    expect(made.item.storyKey).toBeUndefined()
    expect(made.item.content?.shingles.length).toBeGreaterThan(2)
    expect(unenriched.item.content).toEqual(made.item.content)
    expect(unenriched.item.sourceHash).toBe(made.item.sourceHash)
    expect(made.document.startsWith('{"type":')).toBe(true)
  })

  it('sees the same source whatever the spacing and the delivery, and another when the text changes', () => {
    const source = (value: unknown) => {
      const made = only(value)
      return made?.kind === 'item' ? made.item.sourceHash : made
    }
    expect(source(JSON.stringify({ ...story, sent: '12:01', _etag: 'b' }, null, 2))).toBe(
      source({ ...story, sent: '12:00', _etag: 'a' }),
    )
    expect(source({ ...story, body_html: '<p>De brug is open.</p>' })).not.toBe(source(story))
  })

  it.each([
    ['an id too long for a key', { ...story, uri: 'x'.repeat(1_000) }, 'invalid'],
    ['a version too long', { ...story, version: '1'.repeat(201) }, 'invalid'],
    ['neither id nor text', { uri: '', headline: '' }, 'no-story'],
    ['an empty array of documents', '[] ', 'unknown-format'],
    ['a key of the prototype', '{"uri":"a","__proto__":{}}', 'unsafe-key'],
    ['broken JSON', '{"uri":"a","headline":', 'malformed'],
  ])('rejects %s', (_what, value, reason) => expect(only(value)).toMatchObject({ kind: 'reject', reason }))

  it('makes of a bug in a format or an enrichment a rejected item with its stack, and goes on', () => {
    const broken: WireFormat = {
      name: 'broken',
      recognises: () => true,
      parse: () => {
        throw new TypeError('no such thing')
      },
    }
    const [parsed] = createNormalizer({ formats: [broken], enrich })(message(story)).items
    expect(parsed).toMatchObject({ kind: 'reject', reason: 'bug', step: 'parseItems' })
    expect(parsed?.kind === 'reject' && parsed.detail).toMatch(/TypeError: no such thing\n\s+at/)

    const enrichOrFail = (given: Story): Story => {
      if (given.id === 'bad') throw new Error('unlucky')
      return given
    }
    const { items } = createNormalizer({ formats, enrich: enrichOrFail })(message([{ ...story, uri: 'bad' }, story]))
    expect(items).toMatchObject([{ reason: 'bug', step: 'enrichStory' }, { kind: 'item' }])
  })

  it('lets nothing out that the published schema does not take', () => {
    const invalid: WireFormat = {
      name: 'invalid',
      recognises: () => true,
      parse: () => pass([pass({ story: { id: 'a', versionCreated: 'gisteren' }, source: 'a' })]),
    }
    expect(createNormalizer({ formats: [invalid], enrich })(message('x')).items).toMatchObject([
      { reason: 'invalid-output', step: 'renderDocument', detail: expect.stringContaining('/versionCreated') },
    ])
  })
})
