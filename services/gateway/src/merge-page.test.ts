import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cursor } from './cursor.ts'
import { mergePage, type Waiting } from './merge-page.ts'
import type { StoryEntry } from './story-entry.ts'

const entry = (partition: number, offset: number, timeMs: number, bytes = 10): StoryEntry => ({
  partition,
  offset,
  timeMs,
  key: `k${partition}`,
  supplier: 'anp',
  type: 'x',
  event: Buffer.alloc(bytes),
})
const from = (next: readonly number[]): Cursor => ({ logId: 'log', next })
const name = ({ partition, offset }: StoryEntry): string => `${partition}/${offset}`
const wide = { maxEntries: 100, maxBytes: 1_000_000 }

describe('mergePage', () => {
  it('puts the partitions together by time, with the cursor behind each', () => {
    const page = mergePage(
      [
        { entries: [entry(0, 5, 10), entry(0, 6, 30)], isCut: false },
        { entries: [entry(1, 0, 20)], isCut: false },
      ],
      from([5, 0]),
      wide,
    )
    expect(page.entries.map(({ entry: one, after }) => [name(one), after.next])).toEqual([
      ['0/5', [6, 0]],
      ['1/0', [6, 1]],
      ['0/6', [7, 1]],
    ])
    expect([page.next, page.more]).toEqual([from([7, 1]), false])
  })

  it('ends where a partition that has more runs out', () => {
    const page = mergePage(
      [
        { entries: [entry(0, 0, 10)], isCut: true },
        { entries: [entry(1, 0, 5), entry(1, 1, 99)], isCut: false },
      ],
      from([0, 0]),
      wide,
    )
    expect(page.entries.map(({ entry: one }) => name(one))).toEqual(['1/0', '0/0'])
    expect([page.next, page.more]).toEqual([from([1, 1]), true])
  })

  it('ends at so many bytes; a larger story comes alone', () => {
    const waiting = [{ entries: [entry(0, 0, 1, 900), entry(0, 1, 2, 200), entry(0, 2, 3, 50)], isCut: false }]
    const limits = { maxEntries: 100, maxBytes: 300 }
    expect(mergePage(waiting, from([0]), limits).next).toEqual(from([1]))
    expect(mergePage([{ entries: waiting[0]?.entries.slice(1) ?? [], isCut: false }], from([1]), limits)).toMatchObject(
      {
        next: from([3]),
        more: false,
      },
    )
  })

  it('answers an empty page with the cursor that was given', () => {
    const nothing = [{ entries: [], isCut: false }]
    expect(mergePage(nothing, from([7]), wide)).toEqual({ entries: [], next: from([7]), more: false })
  })
})

/** Offsets with holes, times that rise within a partition, appended at any moment. */
const partition = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), wait: fc.nat(5), bytes: fc.nat(400) }), {
  maxLength: 30,
})

describe('pages, one after the other', () => {
  it('never skip and never repeat, wherever the partitions are cut and whatever is appended between them', () => {
    fc.assert(
      fc.property(
        fc.array(partition, { minLength: 3, maxLength: 12 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 1_000 }),
        fc.infiniteStream(fc.nat(6)),
        (shapes, maxEntries, maxBytes, cuts) => {
          const logs = shapes.map((shape, p) => {
            let offset = 0
            let timeMs = 0
            return shape.map(({ gap, wait, bytes }) => {
              offset += gap
              timeMs += wait
              return entry(p, offset, timeMs, bytes)
            })
          })
          const visible = logs.map(() => 0)
          const seen: StoryEntry[] = []
          let cursor = from(logs.map(() => 0))
          for (let round = 0; round < 10_000; round += 1) {
            logs.forEach((log, p) => {
              visible[p] = Math.min(log.length, (visible[p] ?? 0) + (cuts.next().value ?? 0))
            })
            const waiting: Waiting[] = logs.map((log, p) => {
              const there = log.slice(0, visible[p]).filter(({ offset }) => offset >= (cursor.next[p] ?? 0))
              const some = there.slice(0, 1 + (cuts.next().value ?? 0))
              return { entries: some, isCut: some.length < there.length }
            })
            const page = mergePage(waiting, cursor, { maxEntries, maxBytes })
            if (page.entries.length === 0) expect(page.more).toBe(false)
            expect(page.entries.at(-1)?.after ?? cursor).toEqual(page.next)
            seen.push(...page.entries.map(({ entry: one }) => one))
            cursor = page.next
            if (seen.length === logs.flat().length) break
          }
          for (const [p, log] of logs.entries())
            expect(seen.filter((one) => one.partition === p).map(name)).toEqual(log.map(name))
        },
      ),
      { numRuns: 300 },
    )
  })
})
