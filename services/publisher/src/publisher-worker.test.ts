import type { DeskKill } from '@dateline/contracts'
import type { LogRecord } from '@dateline/ports'
import { contentKeyOf, encodeParsedRecord } from '@dateline/story'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asCommand,
  at,
  contractFaults,
  createPublisher,
  eventOf,
  type GivenStory,
  logRecord,
  outcomes,
  parsed,
  startMs,
} from './publisher-bench.ts'

const deskKill: DeskKill = { kind: 'kill', storyKey: 'anp:a', supplier: 'anp', by: 'night desk', reason: 'wrong man' }
const topics = (result: { appends: readonly { topic: string }[] }) => result.appends.map(({ topic }) => topic)

describe('an event', () => {
  it('is a ninjs document with a CloudEvents envelope, in the partition of its input', () => {
    const publisher = createPublisher()
    const given = parsed({ version: '3', urgency: 1, signals: ['sig:a b', 'sig:c'], replaces: ['anp:old'], offset: 5 })
    const line = { ...given.line, traceparent: '00-trace-01', replayId: 'r1' }
    const { appends } = publisher.tell([{ ...given, line }])
    const story = appends.find(({ topic }) => topic === 'stories')
    expect(story).toMatchObject({ partition: 7, key: 'anp:a' })
    const { data, id, ...envelope } = eventOf(story ?? { topic: '', key: null, value: null })
    expect(id).toMatch(/^evt_[a-z2-7]{26}$/)
    expect(envelope).toEqual({
      specversion: '1.0',
      source: '/dateline/main/anp',
      type: 'dateline.story.published',
      subject: 'anp:a',
      time: at(0),
      dataschema: 'https://dateline.example/schemas/v1/story.schema.json',
      datacontenttype: 'application/json',
      storyseq: 1,
      revision: '0',
      storyversion: '3',
      change: 'new',
      supplier: 'anp',
      feed: 'anp-newsml',
      receivedat: at(0),
      lane: 'live',
      position: 'wire.anp-newsml@wire1/0/5#0',
      wiresha256: line.wireSha256,
      replayid: 'r1',
      traceparent: '00-trace-01',
      urgency: 1,
      signals: 'sig:a%20b sig:c',
      replaces: '["anp:old"]',
    })
    expect(data).toMatchObject({
      uri: 'urn:dateline:anp:a',
      version: '3',
      altIds: [
        { role: 'dateline:storykey', value: 'anp:a' },
        { role: 'dateline:storyseq', value: '1' },
        { role: 'dateline:revision', value: '0' },
        { role: 'dateline:receipt', value: expect.stringMatching(/^rcp_/) },
      ],
    })
    expect(contractFaults([...appends, ...publisher.changelog])).toEqual([])
  })

  it('carries nothing but uri and version when a story that was only held is killed', () => {
    const publisher = createPublisher()
    publisher.tell([parsed({ version: '1', embargo: 'indefinite' })])
    publisher.tell([
      parsed({ version: '2', pubStatus: 'canceled', headline: 'Secret', signals: ['sig:x'], received: 2 }),
    ])
    const story = publisher.emitted.find(({ topic }) => topic === 'stories')
    const event = eventOf(story ?? { topic: '', key: null, value: null })
    expect(event).toMatchObject({ type: 'dateline.story.killed', storyversion: '2' })
    expect(event.signals).toBe(undefined)
    const { altIds, standard, ...document } = event.data as Record<string, unknown>
    expect(document).toEqual({ uri: 'urn:dateline:anp:a', version: '2', pubStatus: 'canceled' })
    expect(contractFaults(publisher.emitted)).toEqual([])
  })

  it('tells the reason of a desk', () => {
    const publisher = createPublisher()
    const { appends, tally } = publisher.tell([parsed({ version: '1' }), asCommand(deskKill)])
    expect(publisher.left()).toEqual(['published#1 anp:a', 'killed#2 anp:a'])
    const killed = eventOf(
      appends.filter(({ topic }) => topic === 'stories')[1] ?? { topic: '', key: null, value: null },
    )
    expect(killed.data).toMatchObject({ uri: 'urn:dateline:anp:a', version: '1', edNote: 'wrong man' })
    expect(tally.map(({ outcome, feed }) => `${feed} ${outcome}`)).toEqual([
      'anp-newsml published',
      'anp-newsml recalled',
    ])
    expect(outcomes(appends)).toHaveLength(1)
    expect(contractFaults(appends)).toEqual([])
  })
})

describe('an embargo', () => {
  it('is held apart with its document, leaves when it is due, and is then freed', () => {
    const publisher = createPublisher()
    const given = parsed({ version: '1', embargo: at(60) })
    const held = publisher.tell([given])
    expect(topics(held)).toEqual(['stories.embargoed', 'wire.receipts'])
    const [record] = held.appends
    const [storyKey, eventId = ''] = String(record?.key).split('\n')
    expect([record?.partition, storyKey]).toEqual([7, 'anp:a'])
    const [line = '', document] = Buffer.from(record?.value as Buffer)
      .toString('utf8')
      .split('\n')
    expect(document).toBe(given.document)

    const command = asCommand({ kind: 'release', storyKey: 'anp:a', eventId, item: JSON.parse(line) }, document)
    expect(topics(publisher.tell([command], 59))).toEqual([])
    const forged = { ...command, document: given.document.replace('Brug', 'Burg') }
    expect(topics(publisher.tell([forged], 61))).toEqual([])
    const released = publisher.tell([command], 62)
    expect(topics(released)).toEqual(['stories', 'stories.embargoed'])
    expect(released.appends[1]).toMatchObject({ key: record?.key, value: null, partition: 7 })
    expect(publisher.left()).toEqual(['published#2 anp:a'])
    expect(publisher.said()).toEqual(['held/embargoed'])
    expect(topics(publisher.tell([command], 63))).toEqual([])
    expect(contractFaults(publisher.emitted)).toEqual([])
  })

  it('stands on the held item when an earlier version set it', () => {
    const publisher = createPublisher()
    publisher.tell([parsed({ version: '1', embargo: at(60) })])
    const { appends } = publisher.tell([parsed({ version: '2', received: 2 })])
    expect(topics({ appends })).toEqual(['stories.embargoed', 'stories.embargoed', 'wire.receipts'])
    const line = JSON.parse(
      Buffer.from(appends[0]?.value as Buffer)
        .toString('utf8')
        .split('\n')[0] ?? '',
    )
    expect(line).toMatchObject({ version: '2', embargo: at(60), storyKey: 'anp:a' })
    expect(appends[1]?.value).toBe(null)
  })
})

describe('a record that cannot be published', () => {
  it('keeps the partition going when one record is bad', () => {
    const publisher = createPublisher()
    const bug = parsed({ id: 'b' })
    publisher.entries.set('anp:b', { value: '{"broken', group: undefined })
    const { appends, tally } = publisher.tell([
      parsed({ id: 'a' }),
      Buffer.from('no line feed'),
      null,
      asCommand({ ...parsed({ id: 'x' }).line, feed: 'Not A Feed' }),
      bug,
      parsed({ id: 'c' }),
    ])
    expect(publisher.left()).toEqual(['published#1 anp:a', 'published#1 anp:c'])
    expect(tally.map(({ outcome, reason }) => `${outcome}/${reason}`)).toEqual([
      'published/new',
      'rejected/malformed',
      'rejected/empty',
      'rejected/invalid',
      'rejected/bug',
      'published/new',
    ])
    const rejected = appends.filter(({ topic }) => topic === 'wire.rejected')
    expect(rejected.map(({ key }) => key)).toEqual([
      'stories.parsed@parsed1/7/1',
      'stories.parsed@parsed1/7/2',
      expect.stringMatching(/^wire\.anp-newsml@wire1\/0\/\d+#0$/),
      bug.line.position,
    ])
    expect(tally[4]?.detail).toContain('SyntaxError')
    expect(Buffer.from(rejected[3]?.value as Buffer)).toEqual(encodeParsedRecord(bug.line, bug.document))
    // Every item that can be told has its one outcome; what is no item has none.
    expect(publisher.said()).toEqual(['published/new', 'rejected/invalid', 'rejected/bug', 'published/new'])
    expect(contractFaults(publisher.emitted)).toEqual([])
  })

  it('rejects what is too large for its topic and remembers nothing of it', () => {
    const publisher = createPublisher()
    const large = parsed({ id: 'a', text: 'é'.repeat(8_400_000) })
    publisher.tell([large])
    expect(publisher.said()).toEqual(['rejected/too-large'])
    publisher.tell([parsed({ id: 'a' })])
    expect(publisher.left()).toEqual(['published#1 anp:a'])
    expect(contractFaults(publisher.emitted)).toEqual([])
  })

  it('rejects a kill that names no story', () => {
    const publisher = createPublisher()
    const kill = parsed({ id: null, pubStatus: 'canceled' })
    publisher.tell([kill, parsed({ id: null })])
    expect(publisher.said()).toEqual(['rejected/kill-without-id', 'published/new'])
  })
})

describe('a story without a supplier’s id', () => {
  const sentences = (count: number, from = 0) =>
    Array.from(
      { length: count },
      (_, at) => `Zin ${at + from} gaat over onderwerp ${(at + from) * 7919} en niets anders.`,
    )
  const page = (text: readonly string[], received: number, more: GivenStory = {}) =>
    parsed({ id: null, feed: 'anp-site', headline: 'Brug', text: text.join(' '), received, ...more })

  it('grows from brief to article under one key, and older pages change nothing', () => {
    const publisher = createPublisher()
    publisher.tell([page(sentences(3), 0)])
    publisher.tell([page(sentences(8), 60)])
    publisher.tell([page(sentences(8), 120)])
    publisher.tell([page(sentences(3), 180), page(sentences(5, 100), 181)])
    publisher.tell([page([...sentences(8), ...sentences(2, 50)], 240)])
    expect(publisher.said()).toEqual([
      'published/new',
      'published/new-version',
      'duplicate/same-content',
      'stale/contained',
      'published/new',
      'published/new-version',
    ])
    const [first, second, other, third] = publisher.left()
    expect([first, second, third].map((line) => line?.split(' ')[1])).toEqual(Array(3).fill(first?.split(' ')[1]))
    expect([first, second, third].map((line) => line?.split(' ')[0])).toEqual(['published#1', 'updated#2', 'updated#3'])
    expect(other).not.toContain(first?.split(' ')[1])
    const event = eventOf(
      publisher.emitted.find(({ topic }) => topic === 'stories') ?? { topic: '', key: null, value: null },
    )
    expect(event).toMatchObject({ storyversion: '1', subject: expect.stringMatching(/^anp:text-[0-9a-f]{32}$/) })
    expect(event.data).toMatchObject({ uri: expect.stringMatching(/^urn:dateline:anp:text-/) })
    expect(contractFaults([...publisher.emitted, ...publisher.changelog])).toEqual([])
  })

  it('keeps the windows of two feeds apart', () => {
    const publisher = createPublisher()
    publisher.tell([page(sentences(4), 0), page(sentences(8), 1, { feed: 'anp-other' })])
    expect(publisher.said()).toEqual(['published/new', 'published/new'])
  })

  it('forgets captures after two days, and the same text then is the same story still', () => {
    const publisher = createPublisher()
    const day = 86_400
    publisher.tell([page(sentences(4), 0)], 0)
    const captures = () => [...publisher.entries.keys()].filter((key) => key.startsWith('~anp-site/'))
    expect(captures()).toHaveLength(1)
    publisher.tell([page(sentences(4, 500), 3 * day)], 3 * day)
    expect(captures()).toHaveLength(1)
    expect(publisher.changelog.filter(({ value }) => value === null)).toHaveLength(1)
    publisher.tell([page(sentences(4), 4 * day)], 4 * day)
    expect(publisher.said()).toEqual(['published/new', 'published/new', 'duplicate/same-version'])
  })

  it('knows a page that stays for days by its last capture', () => {
    const publisher = createPublisher()
    const hours = (count: number) => count * 3_600
    publisher.tell([page(sentences(4), 0)], 0)
    publisher.tell([page(sentences(6), 60)], 60)
    for (let hour = 12; hour <= 96; hour += 12) publisher.tell([page(sentences(6), hours(hour))], hours(hour))
    publisher.tell([page(sentences(8), hours(97))], hours(97))
    expect(publisher.left().map((line) => line.split(' ')[0])).toEqual(['published#1', 'updated#2', 'updated#3'])
    expect(new Set(publisher.said().slice(2, -1))).toEqual(new Set(['duplicate/same-content']))
  })

  it('takes the key that a replay gives it', () => {
    const publisher = createPublisher()
    const first = page(sentences(4), 0)
    publisher.tell([first])
    const storyKey = publisher.left()[0]?.split(' ')[1] ?? ''
    const again = { ...first, line: { ...first.line, storyKey, attempt: 'r1.1' } }
    publisher.tell([again])
    expect(publisher.said()[1]).toBe('duplicate/same-output')
  })
})

describe('a fold', () => {
  const given = fc.record({
    id: fc.constantFrom('a', 'b', null),
    version: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
    text: fc.constantFrom(
      'een twee drie vier vijf zes zeven acht',
      'een twee drie vier vijf zes zeven acht negen tien elf',
      'x',
    ),
    pubStatus: fc.constantFrom('usable', 'usable', 'usable', 'canceled'),
    embargo: fc.option(fc.constantFrom(at(3), 'none'), { nil: undefined, freq: 4 }),
    received: fc.integer({ min: 0, max: 100 }),
    offset: fc.nat(5),
  })
  const killed = fc.constantFrom('een twee drie vier vijf zes zeven acht', 'x')
  const records = fc
    .array(fc.oneof({ arbitrary: given, weight: 6 }, { arbitrary: killed, weight: 1 }), { minLength: 1, maxLength: 8 })
    .map((list) =>
      list.map((given, offset): LogRecord => {
        if (typeof given === 'string') {
          const storyKey = contentKeyOf(parsed({ id: null, text: given }).line)
          return logRecord(offset, startMs + offset * 1_000, encodeParsedRecord({ ...deskKill, storyKey }, ''))
        }
        const { version, embargo, ...story } = given
        const { line, document } = parsed({
          ...story,
          ...(version === undefined ? {} : { version }),
          ...(embargo === undefined ? {} : { embargo }),
        })
        return logRecord(offset, startMs + offset * 1_000, encodeParsedRecord(line, document))
      }),
    )

  it('gives the same events, receipts and states whatever the batches', () => {
    fc.assert(
      fc.property(records, fc.array(fc.integer({ min: 1, max: 4 })), (all, sizes) => {
        const whole = createPublisher()
        whole.fold(all)
        const parts = createPublisher()
        for (const batch of split(all, sizes)) parts.fold(batch)
        const emitted = (publisher: typeof whole) => publisher.emitted.filter(({ topic }) => topic !== 'wire.receipts')
        expect(emitted(parts)).toEqual(emitted(whole))
        expect(outcomes(parts.emitted)).toEqual(outcomes(whole.emitted))
        expect(parts.changelog).toEqual(whole.changelog)
        expect(parts.entries).toEqual(whole.entries)
      }),
      { numRuns: 300 },
    )
  })

  it('gives every item one outcome, and all of it by the contracts', () => {
    fc.assert(
      fc.property(records, (all) => {
        const publisher = createPublisher()
        publisher.fold(all)
        const items = all.filter(({ value }) => value?.includes('"kind":"item"'))
        expect(outcomes(publisher.emitted)).toHaveLength(items.length)
        expect(contractFaults([...publisher.emitted, ...publisher.changelog])).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('comes back whole from its changelog, and from any part of it goes on to the same end', () => {
    fc.assert(
      fc.property(records, fc.nat(12), (all, cut) => {
        const before = createPublisher()
        before.fold(all)
        const after = createPublisher()
        let applied = -1
        for (const record of before.changelog.slice(0, cut)) {
          const entry = after.worker.restore(asRead(record))
          expect(entry).not.toBe(null)
          if (entry === null) continue
          applied = Math.max(applied, entry.input)
          const { key, value, group } = entry.put
          if (value === null) after.entries.delete(key)
          else after.entries.set(key, { value, group })
        }
        after.fold(all.filter(({ offset }) => offset > applied))
        expect(after.entries).toEqual(before.entries)
        // Nothing new: what leaves again carries the id that it had.
        for (const line of after.emitted.filter(({ topic }) => topic === 'stories'))
          expect(before.emitted).toContainEqual(line)
      }),
      { numRuns: 300 },
    )
  })
})

function* split(records: readonly LogRecord[], sizes: readonly number[]): Generator<readonly LogRecord[]> {
  let from = 0
  for (const size of sizes) {
    if (from < records.length) yield records.slice(from, from + size)
    from += size
  }
  if (from < records.length) yield records.slice(from)
}

function asRead(append: Parameters<typeof contractFaults>[0][number]): LogRecord {
  return {
    topic: append.topic,
    partition: append.partition ?? 0,
    offset: 0,
    timeMs: 0,
    key: Buffer.from(append.key as string),
    value: append.value === null ? null : Buffer.from(append.value as string),
    headers: (append.headers ?? []).map(([name, value]) => [name, Buffer.from(value as string)] as const),
  }
}
