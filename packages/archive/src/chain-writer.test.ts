import { TransientFault } from '@dateline/ports'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { archivedMessages } from './archived-messages.ts'
import { ChainConflict, type ChainWriter, LogReplaced, type WrittenObject } from './chain-writer.ts'
import { openChain } from './open-chain.ts'
import { type MemoryArchive, memoryArchive, type PutFault } from './testing/memory-archive.ts'
import { chain, message, messages } from './testing/records.ts'
import { verifyArchive } from './verify-archive.ts'

interface Opening {
  readonly low?: number
  readonly high?: number
  readonly committed?: number | null
  readonly written?: WrittenObject[]
  readonly checkLog?: () => Promise<void>
  readonly memberBytes?: number
}

const open = (archive: MemoryArchive, opening: Opening = {}): Promise<ChainWriter> =>
  openChain(
    {
      archive,
      chain,
      writer: `writer-${Math.random()}`,
      objectBytes: 4_000,
      memberBytes: opening.memberBytes ?? 2_000,
      level: 3,
      clock: () => performance.now(),
      checkLog: opening.checkLog ?? (async () => {}),
      onWritten: (object) => opening.written?.push(object),
    },
    { low: opening.low ?? 0, high: opening.high ?? 1_000_000, committed: opening.committed ?? null },
  )

async function archived(archive: MemoryArchive): Promise<number[]> {
  const offsets: number[] = []
  for await (const record of archivedMessages(archive, chain)) {
    expect(record).toEqual(message(record.offset))
    offsets.push(record.offset)
  }
  return offsets
}

/** What one archiver does next; each of two has its own view of the partition, as an owner and a zombie have. */
type Act =
  | { readonly kind: 'take'; readonly who: 0 | 1; readonly count: number }
  | { readonly kind: 'flush'; readonly who: 0 | 1 }
  | { readonly kind: 'crash'; readonly who: 0 | 1 }
  | { readonly kind: 'fault'; readonly fault: PutFault }
  | { readonly kind: 'retention'; readonly by: number }

const who = fc.constantFrom(0 as const, 1 as const)
const anyActs: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('take' as const), who, count: fc.integer({ min: 1, max: 25 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('flush' as const), who }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), who }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        fault: fc.constantFrom<PutFault>('away', 'lose-answer', null),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('retention' as const), by: fc.integer({ min: 1, max: 30 }) }),
    },
  ),
  { maxLength: 60 },
)

describe('a chain', () => {
  test('has no gap and no overlap, whatever two archivers, crashes, lost answers and retention do', async () => {
    await fc.assert(
      fc.asyncProperty(anyActs, async (acts) => {
        const archive = memoryArchive()
        let nextFault: PutFault = null
        archive.onPut(() => {
          const fault = nextFault
          nextFault = null
          return fault
        })
        const high = 250
        let low = 0
        const writers: (ChainWriter | null)[] = [null, null]
        const patiently = async (work: () => Promise<unknown>): Promise<void> => {
          await work().catch((error: unknown) => {
            if (!(error instanceof TransientFault)) throw error
          })
        }
        for (const act of acts) {
          if (act.kind === 'fault') nextFault = act.fault
          else if (act.kind === 'retention') low = Math.min(high, low + act.by)
          else if (act.kind === 'crash') writers[act.who] = null
          else
            await patiently(async () => {
              const writer = writers[act.who] ?? (await open(archive, { low, high }))
              writers[act.who] = writer
              if (act.kind === 'flush') return writer.flush()
              if (writer.position() < low) await writer.writeGap(low)
              const from = writer.position()
              const to = Math.min(high, from + act.count)
              await writer.take(messages(from, to), to)
            })
        }
        nextFault = null
        const last = await open(archive, { low, high })
        await last.take(messages(last.position(), high), high)
        await last.flush()

        const report = await verifyArchive(archive)
        expect(report.partitions).toMatchObject([{ from: 0, to: high, fault: null }])
        const offsets = await archived(archive)
        expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b))
        expect(offsets.length + report.lost).toBe(high)
        // Nothing that the log still keeps is lost.
        expect(offsets.filter((offset) => offset >= low)).toEqual(messages(low, high).map((one) => one.offset))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('covers offsets that hold no message, as transactions leave them', async () => {
    const archive = memoryArchive()
    const writer = await open(archive)
    await writer.take([message(0), message(1), message(5)], 8)
    await writer.flush()
    await writer.take([message(9)], 12)
    await writer.flush()
    expect(await archived(archive)).toEqual([0, 1, 5, 9])
    expect((await verifyArchive(archive)).partitions).toMatchObject([{ from: 0, to: 12, messages: 4, fault: null }])
  })

  test('keeps a message larger than a member alone in one', async () => {
    const archive = memoryArchive()
    const written: WrittenObject[] = []
    const writer = await open(archive, { written, memberBytes: 10_000 })
    const large = message(1, 'x'.repeat(300_000))
    await writer.take([message(0), large, message(2)], 3)
    await writer.flush()
    const [object] = archive.objects.values()
    expect(object?.metadata.members?.split(',')).toHaveLength(3)
    const back = []
    for await (const record of archivedMessages(archive, chain)) back.push(record)
    expect(back).toEqual([message(0), large, message(2)])
  })

  test('begins at 0 with a gap where the log has lost its beginning, so that no two archivers begin it differently', async () => {
    const archive = memoryArchive()
    const [one, two] = [await open(archive, { low: 5, high: 20 }), await open(archive, { low: 9, high: 20 })]
    expect(one.position()).toBe(5)
    expect(two.position()).toBe(9)
    await two.take(messages(9, 20), 20)
    await two.flush()
    await one.take(messages(5, 20), 20)
    await one.flush()
    expect((await verifyArchive(archive)).partitions).toMatchObject([{ from: 0, to: 20, fault: null }])
  })

  test('counts an object as its own when an earlier try of the same put was answered by nobody', async () => {
    const archive = memoryArchive()
    const written: WrittenObject[] = []
    const writer = await open(archive, { written })
    await writer.take(messages(0, 3), 3)
    archive.onPut(() => 'lose-answer')
    await expect(writer.flush()).rejects.toBeInstanceOf(TransientFault)
    archive.onPut(() => null)
    await writer.flush()
    expect(written).toMatchObject([{ result: 'created', base: 0, next: 3, count: 3 }])
  })

  test('stops before it puts messages of another log under this one', async () => {
    const archive = memoryArchive()
    let isReplaced = false
    const writer = await open(archive, {
      checkLog: async () => {
        if (isReplaced) throw new LogReplaced(chain.topic)
      },
    })
    await writer.take(messages(0, 3), 3)
    isReplaced = true
    await expect(writer.flush()).rejects.toBeInstanceOf(LogReplaced)
    expect(archive.objects.size).toBe(0)
  })

  test('never goes on behind an object that begins with another message', async () => {
    const archive = memoryArchive()
    const zombie = await open(archive)
    const other = await open(archive)
    await other.take([message(0, 'of another log')], 1)
    await other.flush()
    await zombie.take(messages(0, 3), 3)
    await expect(zombie.flush()).rejects.toBeInstanceOf(ChainConflict)
    expect(archive.objects.size).toBe(1)
  })

  test('refuses to go on where the archive is ahead of the log', async () => {
    const archive = memoryArchive()
    const writer = await open(archive)
    await writer.take(messages(0, 10), 10)
    await writer.flush()
    await expect(open(archive, { high: 4 })).rejects.toBeInstanceOf(ChainConflict)
  })

  for (const committed of [null, 0, 5, 400, 4_000, 90_000]) {
    test(`finds its end when the group committed ${committed}, which is a hint and no more`, async () => {
      const archive = memoryArchive()
      const writer = await open(archive)
      await writer.take(messages(0, 400), 400)
      await writer.flush()
      expect((await open(archive, { committed, high: 100_000 })).position()).toBe(400)
    })
  }

  test('holds in memory what it packed, not what came', async () => {
    const archive = memoryArchive()
    const writer = await open(archive, { memberBytes: 50_000 })
    const text = 'Het kabinet heeft besloten de regeling te verlengen tot na de zomer. '.repeat(70)
    archive.setAway(true)
    for (let offset = 0; offset < 100; offset += 1)
      await writer.take([message(offset, text)], offset + 1).catch(() => {})
    expect(writer.heldBytes()).toBeLessThan((100 * text.length) / 4)
  })
})
