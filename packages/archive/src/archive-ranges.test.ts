import type { Archive, LogRecord } from '@dateline/ports'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { archivedExtent } from './archived-extent.ts'
import { archivedMessages } from './archived-messages.ts'
import { lookAt } from './chain-look.ts'
import { chainSegments } from './chain-segments.ts'
import { joinObjects } from './join-objects.ts'
import { type ArchivedObject, listArchive } from './list-archive.ts'
import type { Chain } from './object-key.ts'
import { type ObjectMetadata, readMetadata } from './object-metadata.ts'
import { removeOlderThan } from './remove-old.ts'
import { segmentsIn, type TimeRange } from './segments-in.ts'
import { sweepChain } from './sweep-chain.ts'
import { allOf } from './testing/all-of.ts'
import { fillChain } from './testing/fill-chain.ts'
import { memoryArchive } from './testing/memory-archive.ts'
import { message } from './testing/records.ts'

const startMs = Date.parse('2026-03-01T00:00:00Z')
const hourMs = 3_600_000
/** Two log ids of a topic, the flash topic, two partitions, and another feed. */
const chains: readonly Chain[] = [
  { topic: 'wire.anp', logId: 'log-1', partition: 0 },
  { topic: 'wire.anp', logId: 'log-2', partition: 0 },
  { topic: 'wire.anp', logId: 'log-2', partition: 1 },
  { topic: 'wire.anp.flash', logId: 'log-1', partition: 0 },
  { topic: 'wire.dpa', logId: 'log-1', partition: 0 },
]

type AnyOf<A> = A extends fc.Arbitrary<infer T> ? T : never

/** One message: how much later than the one before, how far its broker's clock is off, and how many offsets before it are lost. */
const anyMessage = fc.record({
  stepMs: fc.constantFrom(0, 1_000, 60_000, 290_000, hourMs, 20 * hourMs),
  offMs: fc.integer({ min: -150_000, max: 150_000 }),
  lost: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) }),
  isLastOfObject: fc.boolean(),
})
const anyChain = fc.record({
  messages: fc.array(anyMessage, { maxLength: 60 }),
  /** After how many hours of its time its days were joined, and up to when its messages were removed; what is left of the sweeping. */
  joined: fc.option(fc.integer({ min: 0, max: 200 })),
  removed: fc.option(fc.integer({ min: 0, max: 100 })),
  objectBytes: fc.constantFrom(300, 1_000_000),
  swept: fc.option(fc.integer({ min: 0, max: 30 })),
})

function objectsOf(chain: Chain, given: readonly AnyOf<typeof anyMessage>[]) {
  const objects: LogRecord[][] = []
  let [offset, timeMs, isNew] = [0, startMs, true]
  for (const { stepMs, offMs, lost, isLastOfObject } of given) {
    offset += lost
    timeMs += stepMs
    if (isNew || lost > 0) objects.push([])
    objects.at(-1)?.push({ ...message(offset), topic: chain.topic, partition: chain.partition, timeMs: timeMs + offMs })
    isNew = isLastOfObject
    offset += 1
  }
  return objects
}

class Stopped extends Error {}

/** Removes so many objects and stops. */
function stopping(archive: Archive, most: number): Archive {
  let removed = 0
  return {
    ...archive,
    async remove(key) {
      removed += 1
      if (removed > most) throw new Stopped()
      await archive.remove(key)
    },
  }
}

async function archiveOf(given: readonly AnyOf<typeof anyChain>[]) {
  const archive = memoryArchive()
  const kept = new Map<Chain, LogRecord[]>()
  for (const [at, chain] of chains.entries()) {
    const { messages, joined, removed, objectBytes, swept } = given[at] ?? {
      messages: [],
      joined: null,
      removed: null,
      objectBytes: 300,
      swept: null,
    }
    const objects = objectsOf(chain, messages)
    if (objects.length > 0) await fillChain(archive, chain, objects)
    const upTo = (hours: number): number => startMs + hours * hourMs
    if (joined !== null)
      await allOf(joinObjects(archive, chain, { beforeMs: upTo(joined), writer: 'j', memberBytes: 500, objectBytes }))
    const range =
      removed === null
        ? null
        : await removeOlderThan(archive, chain, { beforeMs: upTo(removed), writer: 'k', reason: 'contract' })
    kept.set(
      chain,
      objects.flat().filter(({ offset }) => offset >= (range?.next ?? 0)),
    )
    if (swept !== null)
      await sweepChain(stopping(archive, swept), chain).catch((error: unknown) => {
        if (!(error instanceof Stopped)) throw error
      })
  }
  return { archive, kept }
}

/** The plain way: every object is asked. */
async function everyObject(archive: Archive, chain: Chain) {
  const all: { readonly key: string; readonly metadata: ObjectMetadata }[] = []
  for (const { key } of await allOf(chainSegments(archive, chain))) {
    const metadata = readMetadata((await archive.head(key))?.metadata ?? {})
    if (metadata !== null) all.push({ key, metadata })
  }
  return all
}

function holds({ kind, firstTimeMs, lastTimeMs }: ObjectMetadata, { sinceMs, untilMs }: TimeRange): boolean {
  if (kind !== 'messages' || firstTimeMs === null || lastTimeMs === null) return false
  return lastTimeMs >= (sinceMs ?? Number.NEGATIVE_INFINITY) && firstTimeMs < (untilMs ?? Number.POSITIVE_INFINITY)
}

const isIn = (timeMs: number, { sinceMs, untilMs }: TimeRange): boolean =>
  timeMs >= (sinceMs ?? Number.NEGATIVE_INFINITY) && timeMs < (untilMs ?? Number.POSITIVE_INFINITY)

/** A time near that of some message; null: none is said. */
const anyTime = fc.option(
  fc.record({ which: fc.double({ min: 0, max: 1, noNaN: true }), offMs: fc.integer({ min: -400_000, max: 400_000 }) }),
)
const anyRange = fc.tuple(anyTime, anyTime)

function rangeOf([a, b]: AnyOf<typeof anyRange>, messages: readonly LogRecord[]): TimeRange {
  const timeOf = (time: typeof a): number | null =>
    time && (messages[Math.floor(time.which * (messages.length - 1))]?.timeMs ?? startMs) + time.offMs
  const [one, other] = [timeOf(a), timeOf(b)]
  const [since, until] = one !== null && other !== null && one > other ? [other, one] : [one, other]
  return { ...(since === null ? {} : { sinceMs: since }), ...(until === null ? {} : { untilMs: until }) }
}

test('finds what asking every object finds, whatever gaps, spans and tombstones there are and however far clocks are off', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyChain, { minLength: 1, maxLength: chains.length }),
      fc.array(anyRange, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      fc.tuple(fc.nat(100), fc.nat(100)),
      async (given, ranges, pageKeys, [from, length]) => {
        const { archive, kept } = await archiveOf(given)
        for (const times of ranges) {
          const range = rangeOf(times, [...kept.values()].flat())
          const listed: Pick<ArchivedObject, 'key'>[] = []
          for (const [chain, messages] of kept) {
            const every = await everyObject(archive, chain)
            const within = every.filter(({ metadata }) => holds(metadata, range))
            if (chain.topic !== 'wire.dpa') listed.push(...within)

            const extent = await archivedExtent(archive, chain, range, pageKeys)
            expect(extent.end).toBe(every.at(-1)?.metadata.next ?? 0)
            const found = extent.from < extent.to ? [extent.from, extent.to] : []
            const bounds = [within[0]?.metadata.base, within.at(-1)?.metadata.next].filter((one) => one !== undefined)
            expect(found).toEqual(bounds)

            const look = await lookAt(archive, chain, pageKeys)
            const keys = (await allOf(segmentsIn(look, range))).map(({ key }) => key)
            expect(keys).toEqual(expect.arrayContaining(within.map(({ key }) => key)))
            for (const record of messages.filter(({ timeMs }) => isIn(timeMs, range)))
              expect(
                every.find(({ key, metadata }) => keys.includes(key) && metadata.next > record.offset),
              ).toBeDefined()

            const to = from + length
            expect(await allOf(archivedMessages(archive, chain, { ...range, from, to }))).toEqual(
              messages.filter(({ timeMs, offset }) => isIn(timeMs, range) && offset >= from && offset < to),
            )
          }
          if (Object.keys(range).length === 0) continue
          const found = await allOf(listArchive(archive, { feed: 'anp', ...range }))
          expect(found.map(({ key }) => key)).toEqual(listed.map(({ key }) => key))
        }
      },
    ),
    { numRuns: 100 },
  )
}, 120_000)
