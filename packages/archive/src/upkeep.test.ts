import { type Archive, EngineRefusal, type LogRecord, OwnershipLost, TransientFault } from '@dateline/ports'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absenceOf } from './absence-of.ts'
import { archivedMessages } from './archived-messages.ts'
import { type ChainWriter, type ChainWriterOptions, createChainWriter } from './chain-writer.ts'
import { type JoinOptions, joinObjects } from './join-objects.ts'
import { listArchive } from './list-archive.ts'
import { openChain } from './open-chain.ts'
import { readArchived } from './read-archived.ts'
import { removeOlderThan } from './remove-old.ts'
import { sweepChain } from './sweep-chain.ts'
import { allOf } from './testing/all-of.ts'
import { type MemoryArchive, memoryArchive, type PutFault } from './testing/memory-archive.ts'
import { chain, message } from './testing/records.ts'
import { verifyArchive } from './verify-archive.ts'

const hourMs = 3_600_000
const startMs = Date.parse('2026-01-01T00:00:00Z')

/** A message an hour. */
const hourly = (offset: number): LogRecord => ({ ...message(offset), timeMs: startMs + offset * hourMs })

const dayEnd = (day: number): number => startMs + day * 24 * hourMs

const writing = (archive: Archive, nowMs: () => number): Omit<ChainWriterOptions, 'position'> => ({
  archive,
  chain,
  writer: 'w',
  objectBytes: 1_000_000,
  memberBytes: 800,
  level: 3,
  clock: () => 0,
  nowMs,
  checkLog: async () => {},
  onWritten: () => {},
})

const opened = (archive: Archive, high: number, low = 0, nowMs = () => 0) =>
  openChain(writing(archive, nowMs), { low, high, committed: null })

/** Objects of three messages up to `high`, with a gap before `low`. */
async function filled(high = 100, low = 0): Promise<MemoryArchive> {
  const archive = memoryArchive()
  const writer = await opened(archive, high, low)
  for (let from = writer.position(); from < high; from = writer.position()) {
    const to = Math.min(from + 3, high)
    await writer.take(
      Array.from({ length: to - from }, (_, at) => hourly(from + at)),
      to,
    )
    await writer.flush()
  }
  return archive
}

const span = (from: number, to: number): LogRecord[] => Array.from({ length: to - from }, (_, at) => hourly(from + at))

async function join(archive: Archive, options: Partial<JoinOptions> = {}): Promise<number> {
  let objects = 0
  const all = { beforeMs: dayEnd(4), writer: 'joiner', memberBytes: 2_000, ...options }
  for await (const joined of joinObjects(archive, chain, all)) objects += joined.objects
  return objects
}

const retain = (archive: Archive, beforeMs: number) =>
  removeOlderThan(archive, chain, { beforeMs, writer: 'keeper', reason: 'kept for 2 days' })

const isHeld = async (archive: Archive, from: number, to: number): Promise<void> => {
  const report = await verifyArchive(archive)
  expect(report.partitions.map((one) => one.fault)).toEqual([null])
  expect(report.partitions[0]).toMatchObject({ to, messages: to - from })
  expect(await allOf(archivedMessages(archive, chain))).toEqual(span(from, to))
}

class Crash extends Error {}

/** Ends with a Crash at the `at`-th call that changes something: before it is done, or after. */
function crashing(inner: Archive, at: number, isDone: boolean): Archive & { calls(): number } {
  let calls = 0
  const change = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1
    if (calls > at) throw new Crash()
    if (calls < at) return work()
    if (isDone) await work()
    throw new Crash()
  }
  return {
    ...inner,
    calls: () => calls,
    put: (key, bytes, metadata) => change(() => inner.put(key, bytes, metadata)),
    remove: (key) => change(() => inner.remove(key)),
  }
}

const rounds: readonly (readonly [name: string, work: (archive: Archive) => Promise<unknown>, from: number])[] = [
  [
    'joining',
    async (archive) => {
      await join(archive)
      await sweepChain(archive, chain)
    },
    0,
  ],
  [
    'retention',
    async (archive) => {
      await retain(archive, dayEnd(2))
      await sweepChain(archive, chain)
    },
    48,
  ],
  [
    'joining and then retention',
    async (archive) => {
      await join(archive)
      await sweepChain(archive, chain)
      await retain(archive, dayEnd(2))
      await sweepChain(archive, chain)
    },
    48,
  ],
]

type Act =
  | { readonly kind: 'take'; readonly who: 0 | 1; readonly count: number; readonly isFlushed: boolean }
  | { readonly kind: 'crash'; readonly who: 0 | 1 }
  | { readonly kind: 'fault'; readonly fault: PutFault }
  | { readonly kind: 'join'; readonly days: number; readonly objectBytes: number }
  | { readonly kind: 'retain'; readonly hours: number }
  | { readonly kind: 'sweep'; readonly calls: number }

const who = fc.constantFrom(0 as const, 1 as const)
const act = <K extends Act['kind']>(kind: K) => fc.constant(kind)
const anyActs: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: act('take'), who, count: fc.integer({ min: 1, max: 20 }), isFlushed: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: act('crash'), who }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: act('fault'), fault: fc.constantFrom<PutFault>('away', 'lose-answer', null) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: act('join'),
        days: fc.integer({ min: 1, max: 7 }),
        objectBytes: fc.constantFrom(500, 1_000, 1_000_000),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: act('retain'), hours: fc.integer({ min: 1, max: 150 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: act('sweep'), calls: fc.integer({ min: 1, max: 30 }) }) },
  ),
  { maxLength: 60 },
)

describe('upkeep', () => {
  test('joins the objects of a day that ended, byte for byte, and leaves fewer', async () => {
    const archive = await filled()
    const before = archive.objects.size
    expect(await join(archive)).toBe(32)
    const swept = await sweepChain(archive, chain)
    expect(swept).toMatchObject({ removed: 32, left: null })
    expect(archive.objects.size).toBe(before - 32 + 4)
    await isHeld(archive, 0, 100)
    for (const offset of [0, 23, 24, 50, 95, 96, 99])
      expect(await readArchived(archive, { ...chain, offset })).toEqual(hourly(offset))
    expect(await allOf(archivedMessages(archive, chain, { from: 30, to: 70 }))).toEqual(span(30, 70))
    expect(
      await allOf(archivedMessages(archive, chain, { sinceMs: dayEnd(1) + hourMs, untilMs: dayEnd(3) + 2 * hourMs })),
    ).toEqual(span(25, 74))
    const listed = await allOf(listArchive(archive, { sinceMs: dayEnd(1), untilMs: dayEnd(2) }))
    expect(listed).toMatchObject([{ isJoined: true, base: 24, next: 48, count: 24 }])
  })

  test('joins the same from where it left off as from the beginning', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(1, 2, 13, 30), fc.integer({ min: 1, max: 5 }), fc.boolean()), {
          maxLength: 40,
        }),
        async (given) => {
          const [whole, going] = [memoryArchive(), memoryArchive()]
          let [offset, timeMs, from] = [0, startMs, 0]
          for (const [hours, count, isJoined] of given) {
            const records = span(offset, offset + count).map((record, at) => ({
              ...record,
              timeMs: timeMs + at * 2 * hourMs,
            }))
            for (const archive of [whole, going]) {
              const writer = await opened(archive, offset + count)
              await writer.take(records, offset + count)
              await writer.flush()
            }
            offset += count
            timeMs += (hours + count * 2) * hourMs
            const onSettled = (settled: number): void => {
              from = settled
            }
            if (!isJoined) continue
            await join(going, { beforeMs: timeMs - 5 * hourMs, from, onSettled })
            await sweepChain(going, chain)
            await join(whole, { beforeMs: timeMs - 5 * hourMs })
            await sweepChain(whole, chain)
          }
          expect([...going.objects.keys()].sort()).toEqual([...whole.objects.keys()].sort())
        },
      ),
      { numRuns: 60 },
    )
  })

  test('leaves the day that goes on, and the last object, where an archiver goes on', async () => {
    const archive = await filled(72)
    await join(archive, { beforeMs: dayEnd(2) })
    await sweepChain(archive, chain)
    expect((await allOf(listArchive(archive))).filter((one) => one.isJoined)).toHaveLength(2)
    await join(archive, { beforeMs: dayEnd(9) })
    await sweepChain(archive, chain)
    const listed = await allOf(listArchive(archive))
    expect(listed.map(({ base, next, isJoined }) => [base, next, isJoined])).toEqual([
      [0, 24, true],
      [24, 48, true],
      [48, 69, true],
      [69, 72, false],
    ])
    expect((await opened(archive, 80)).position()).toBe(72)
    expect(await join(archive, { beforeMs: dayEnd(9) })).toBe(0)
  })

  test('takes out what is older than a contract allows, and says so in the chain', async () => {
    const archive = await filled()
    expect(await retain(archive, dayEnd(2))).toMatchObject({ base: 0, next: 48, messages: 48 })
    expect(await sweepChain(archive, chain)).toMatchObject({ removed: 16, left: null })
    expect(await retain(archive, dayEnd(2))).toBe(null)
    await isHeld(archive, 48, 100)
    expect(await readArchived(archive, { ...chain, offset: 20 })).toBe(null)
    expect((await verifyArchive(archive)).lost).toBe(48)
    expect(await retain(archive, dayEnd(3))).toMatchObject({ next: 72, messages: 24 })
    await sweepChain(archive, chain)
    await isHeld(archive, 72, 100)
    expect([...archive.objects.keys()].filter((key) => key.endsWith('.removed'))).toHaveLength(1)
    expect((await allOf(listArchive(archive)))[0]).toMatchObject({ kind: 'removed', count: 72 })
  })

  test('takes out all of a feed that ended, a gap at its beginning too, and the chain goes on where it ended', async () => {
    const archive = await filled(40, 10)
    await retain(archive, dayEnd(9))
    await sweepChain(archive, chain)
    expect([...archive.objects.keys()]).toEqual([
      'spans/v1/wire.anp/log-1/p=0/00000000000000000000-00000000000000000040.removed',
    ])
    const writer = await opened(archive, 50)
    expect(writer.position()).toBe(40)
    await writer.take(span(40, 50), 50)
    await writer.flush()
    await isHeld(archive, 40, 50)
  })

  test('says why a message is not there', async () => {
    const archive = await filled(60, 10)
    await retain(archive, dayEnd(1))
    await sweepChain(archive, chain)
    const why = (offset: number) => absenceOf(archive, { ...chain, offset })
    expect(await why(15)).toContain('retention')
    expect(await why(60)).toContain('not archived (yet)')
    expect(await why(30)).toContain('no message lies there')
    expect(await absenceOf(await filled(60, 10), { ...chain, offset: 3 })).toContain('was lost')
  })

  test('counts for nothing what a zombie writes where something stands for its place already', async () => {
    const archive = await filled()
    const zombie = memoryArchive()
    const late = await opened(zombie, 100)
    await late.take(span(0, 50), 50)
    await late.flush()
    await retain(archive, dayEnd(1))
    await join(archive)
    await sweepChain(archive, chain)
    const [key, object] = [...zombie.objects][0] ?? []
    archive.objects.set(key ?? '', object ?? { bytes: Buffer.alloc(0), metadata: {} })
    await isHeld(archive, 24, 100)
    expect((await opened(archive, 100)).position()).toBe(100)
    expect((await sweepChain(archive, chain)).left).toContain('it reaches beyond')
  })

  test('stops a zombie that comes back to a place that is free again', async () => {
    const archive = await filled()
    const back = createChainWriter({ ...writing(archive, () => dayEnd(6)), position: 0 })
    await join(archive)
    await sweepChain(archive, chain)
    await back.take(span(0, 98), 98)
    await expect(back.flush()).rejects.toBeInstanceOf(OwnershipLost)
    await isHeld(archive, 0, 100)
    expect(await sweepChain(archive, chain)).toEqual({ removed: 0, bytes: 0, left: null })
  })

  for (const [name, work, from] of rounds)
    for (const isDone of [false, true])
      test(`loses nothing when ${name} ends at any call, ${isDone ? 'after' : 'before'} it was done, and is finished by the next round`, async () => {
        let isCrashed = true
        for (let at = 1; isCrashed; at += 1) {
          const archive = await filled()
          const dying = crashing(archive, at, isDone)
          isCrashed = await work(dying).then(
            () => false,
            (error: unknown) => {
              if (error instanceof Crash) return true
              throw error
            },
          )
          const kept = await allOf(archivedMessages(archive, chain))
          const first = kept[0]?.offset ?? 0
          expect([0, from]).toContain(first)
          await isHeld(archive, first, 100)
          await work(archive)
          await isHeld(archive, from, 100)
          expect((await sweepChain(archive, chain)).removed).toBe(0)
        }
      })

  test('loses nothing when two join at once, whatever each thinks belongs together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.constantFrom(2, 3, 5), async (scheduler, days) => {
        const archive = await filled()
        const slow = (who: string): Archive => ({
          ...archive,
          put: scheduler.scheduleFunction(async (key, bytes, metadata) => archive.put(key, bytes, metadata)),
          remove: scheduler.scheduleFunction(async (key) => archive.remove(key)),
          get: scheduler.scheduleFunction(async (key, range) => archive.get(key, range)),
          async *list(prefix, after) {
            await scheduler.schedule(Promise.resolve(), `${who} lists`)
            yield* await allOf(archive.list(prefix, after))
          },
        })
        const round = async (who: string, objectBytes: number): Promise<void> => {
          await join(slow(who), { objectBytes, beforeMs: dayEnd(days) })
          await sweepChain(slow(who), chain)
        }
        await scheduler.waitFor(Promise.all([round('a', 1_000_000), round('b', 900)]))
        await isHeld(archive, 0, 100)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('removes no joined object for a larger one that is damaged', async () => {
    const archive = await filled()
    await join(archive, { objectBytes: 900 })
    await sweepChain(archive, chain)
    const larger = await filled()
    await join(larger)
    for (const [key, object] of larger.objects) if (key.endsWith('.joined')) archive.objects.set(key, object)
    const before = archive.objects.size
    const [first] = [...larger.objects].find(([key]) => key.endsWith('.joined')) ?? ['']
    const damaged = archive.objects.get(first)
    const bytes = Buffer.from(damaged?.bytes ?? '')
    damaged?.bytes.fill(0, 20, 40)
    expect((await sweepChain(archive, chain)).left).toContain('is not whole')
    expect(archive.objects.size).toBeLessThan(before)
    archive.objects.set(first, { bytes, metadata: damaged?.metadata ?? {} })
    await isHeld(archive, 0, 100)
    archive.objects.delete(first)
    await isHeld(archive, 0, 100)
  })

  test('has no gap and no overlap, whatever two archivers, crashes, lost answers and upkeep do', async () => {
    await fc.assert(
      fc.asyncProperty(anyActs, async (acts) => {
        const archive = memoryArchive()
        const high = 150
        let nextFault: PutFault = null
        archive.onPut(() => {
          const fault = nextFault
          nextFault = null
          return fault
        })
        const writers: (ChainWriter | null)[] = [null, null]
        let asked = 0
        for (const act of acts) {
          try {
            if (act.kind === 'fault') nextFault = act.fault
            else if (act.kind === 'crash') writers[act.who] = null
            else if (act.kind === 'join')
              await join(archive, { beforeMs: dayEnd(act.days), objectBytes: act.objectBytes })
            else if (act.kind === 'retain') {
              asked = Math.max(asked, act.hours)
              await retain(archive, startMs + act.hours * hourMs)
            } else if (act.kind === 'sweep') await sweepChain(crashing(archive, act.calls, true), chain)
            else {
              const writer = writers[act.who] ?? (await opened(archive, high, 0, () => Number.POSITIVE_INFINITY))
              writers[act.who] = writer
              const from = writer.position()
              const to = Math.min(high, from + act.count)
              await writer.take(span(from, to), to)
              if (act.isFlushed) await writer.flush()
            }
          } catch (error) {
            if (error instanceof OwnershipLost && 'who' in act) writers[act.who] = null
            else if (!(error instanceof TransientFault || error instanceof Crash)) throw error
          }
        }
        nextFault = null
        const last = await opened(archive, high)
        await last.take(span(last.position(), high), high)
        await last.flush()
        const tombstones = [...archive.objects.keys()].filter((key) => key.endsWith('.removed'))
        const removedTo = Math.max(0, ...tombstones.map((key) => Number(key.slice(-28, -8))))
        expect(removedTo).toBeLessThanOrEqual(asked)
        await isHeld(archive, removedTo, high)
        await sweepChain(archive, chain)
        await isHeld(archive, removedTo, high)
      }),
      { numRuns: 150 },
    )
  }, 60_000)

  test('lets a reader go on while objects are joined and removed under it', async () => {
    for (const stop of [0, 1, 20, 30, 47, 60, 95]) {
      const archive = await filled()
      const records: LogRecord[] = []
      for await (const record of archivedMessages(archive, chain)) {
        records.push(record)
        if (record.offset !== stop) continue
        await join(archive)
        await sweepChain(archive, chain)
      }
      expect(records).toEqual(span(0, 100))
    }
  })

  test('goes on when the bucket refuses to remove, and says so', async () => {
    const archive = await filled()
    const locked: Archive = {
      ...archive,
      async remove() {
        throw new EngineRefusal('archive', 'The bucket forbids these credentials to remove an object.')
      },
    }
    await join(locked)
    await retain(locked, dayEnd(2))
    expect(await sweepChain(locked, chain)).toEqual({
      removed: 0,
      bytes: 0,
      left: 'The bucket forbids these credentials to remove an object.',
    })
    await isHeld(archive, 48, 100)
  })

  test('joins nothing from a damaged object, and removes nothing for a damaged one', async () => {
    const archive = await filled()
    const small = [...archive.objects.values()][3]
    small?.bytes.fill(0, 20, 40)
    await expect(join(archive)).rejects.toThrow('is damaged')
    expect(archive.objects.size).toBe(34)

    const other = await filled()
    await join(other)
    const joined = [...other.objects].find(([key]) => key.endsWith('.joined'))?.[1]
    joined?.bytes.fill(0, 20, 40)
    expect((await sweepChain(other, chain)).left).toContain('is not whole')
    // Those of the damaged day, and the two that were not joined.
    expect([...other.objects.keys()].filter((key) => key.startsWith('raw/'))).toHaveLength(10)
  })
})
