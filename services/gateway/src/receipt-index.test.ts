import type { ItemOutcome, ReceiptBatch } from '@dateline/contracts'
import { describe, expect, it } from 'vitest'
import { createReceiptIndex } from './receipt-index.ts'

const position = (offset: number, feed = 'anp-newsml'): string => `wire.${feed}@log_1/0/${offset}`
const receivedAt = '2026-01-20T10:00:00.000Z'

const outcome = (at: number, item: number, more: Partial<ItemOutcome> = {}): ItemOutcome => ({
  position: `${position(at, more.feed)}#${item}`,
  attempt: '0',
  outcome: 'published',
  reason: 'new',
  receivedAt,
  feed: 'anp-newsml',
  ...more,
})

const read = (
  at: number,
  items: number,
  more: { feed?: string; attempt?: string; reference?: string; outcomes?: ItemOutcome[]; receivedAt?: string } = {},
): ReceiptBatch => ({
  writer: 'normalizer',
  messages: [
    { position: position(at, more.feed), attempt: '0', feed: 'anp-newsml', receivedAt, items, outcomes: [], ...more },
  ],
})
const decided = (...outcomes: ItemOutcome[]): ReceiptBatch => ({ writer: 'publisher', outcomes })

describe('a receipt', () => {
  it('is settled when every item has its outcome, whichever writer comes first', () => {
    const index = createReceiptIndex()
    index.add(decided(outcome(1, 1)))
    expect(index.get(position(1))).toMatchObject({ items: null, isSettled: false })
    index.add(read(1, 2, { reference: 'ref-9' }))
    expect(index.get(position(1))).toMatchObject({ items: 2, isSettled: false, reference: 'ref-9' })
    index.add(decided(outcome(1, 0, { outcome: 'stale', reason: 'older-version' })))
    expect(index.get(position(1))).toMatchObject({
      isSettled: true,
      outcomes: [{ outcome: 'stale' }, { outcome: 'published' }],
    })
  })

  it('keeps the first outcome and the first count of each writer, and a publisher above a normalizer', () => {
    const index = createReceiptIndex()
    index.add(read(1, 1, { outcomes: [outcome(1, 0, { outcome: 'rejected', reason: 'malformed' })] }))
    index.add(read(1, 3, { outcomes: [outcome(1, 0, { outcome: 'ignored', reason: 'heartbeat' })] }))
    expect(index.get(position(1))).toMatchObject({ items: 1, outcomes: [{ outcome: 'rejected' }] })
    index.add(decided(outcome(1, 0, { outcome: 'held', reason: 'embargoed' })))
    index.add(decided(outcome(1, 0)))
    index.add(read(1, 1, { outcomes: [outcome(1, 0, { outcome: 'rejected', reason: 'bug' })] }))
    expect(index.get(position(1))?.outcomes).toMatchObject([{ outcome: 'held' }])
  })

  it('is not changed by a replay or a retry', () => {
    const index = createReceiptIndex()
    index.add(read(1, 1, { attempt: 'rpl_1.0' }))
    index.add(decided(outcome(1, 0, { attempt: 'rpl_1.0' })))
    expect(index.get(position(1))).toBeNull()
  })
})

describe('waiting for a receipt', () => {
  it('ends when it is settled', async () => {
    const index = createReceiptIndex()
    const waiting = index.settled(position(1), 10_000)
    index.add(read(1, 1))
    index.add(decided(outcome(1, 0)))
    expect(await waiting).toMatchObject({ isSettled: true })
    expect(await index.settled(position(1), 10_000)).toMatchObject({ isSettled: true })
  })

  it('ends when the time is over, or when it is called off, with what is known', async () => {
    const index = createReceiptIndex()
    index.add(read(1, 1))
    expect(await index.settled(position(1), 20)).toMatchObject({ isSettled: false, items: 1 })
    const stop = new AbortController()
    const waiting = index.settled(position(2), 60_000, stop.signal)
    stop.abort()
    expect(await waiting).toBeNull()
    expect(await index.settled(position(2), 60_000, stop.signal)).toBeNull()
  })
})

describe('the receipts of a feed', () => {
  const filled = (count: number): ReturnType<typeof createReceiptIndex> => {
    const index = createReceiptIndex()
    for (let at = 0; at < count; at += 1) {
      index.add(read(at, 1))
      index.add(read(at, 1, { feed: 'dpa-g2' }))
      index.add(decided(outcome(at, 0, at % 10 === 3 ? { outcome: 'rejected', reason: 'invalid' } : {})))
      index.add(decided(outcome(at, 0, { feed: 'dpa-g2' })))
    }
    return index
  }
  const offsets = (receipts: readonly { readonly position: string }[]): number[] =>
    receipts.map((receipt) => Number(receipt.position.split('/').at(-1)))

  it('come page by page, in the order in which they were settled', () => {
    const index = filled(25)
    const first = index.ofFeed('anp-newsml', { limit: 10 })
    const second = index.ofFeed('anp-newsml', { limit: 10, after: first.at(-1)?.position ?? '' })
    const third = index.ofFeed('anp-newsml', { limit: 10, after: second.at(-1)?.position ?? '' })
    expect(offsets([...first, ...second, ...third])).toEqual(Array.from({ length: 25 }, (_unused, at) => at))
    expect(index.ofFeed('anp-newsml', { limit: 10, after: third.at(-1)?.position ?? '' })).toEqual([])
  })

  it('do not pass over one that was settled late', () => {
    const index = createReceiptIndex()
    index.add(read(1, 1))
    index.add(read(2, 1))
    index.add(decided(outcome(2, 0)))
    const page = index.ofFeed('anp-newsml', { limit: 10 })
    expect(offsets(page)).toEqual([2])
    index.add(decided(outcome(1, 0)))
    expect(offsets(index.ofFeed('anp-newsml', { limit: 10, after: page.at(-1)?.position ?? '' }))).toEqual([1])
  })

  it('come by outcome', () => {
    expect(offsets(filled(30).ofFeed('anp-newsml', { limit: 10, outcome: 'rejected' }))).toEqual([3, 13, 23])
  })

  it('cost little to page through', () => {
    const index = filled(20_000)
    const started = performance.now()
    let after: string | undefined
    let count = 0
    for (;;) {
      const page = index.ofFeed('anp-newsml', { limit: 100, ...(after === undefined ? {} : { after }) })
      if (page.length === 0) break
      count += page.length
      after = page.at(-1)?.position
    }
    expect(count).toBe(20_000)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

describe('the bound', () => {
  it('is over messages and outcomes together; the oldest go, and it is known how old they were', () => {
    const index = createReceiptIndex(1_000)
    for (let at = 0; at < 400; at += 1) {
      index.add(read(at, 4, { receivedAt: new Date(at * 1_000).toISOString() }))
      index.add(decided(...[0, 1, 2, 3].map((item) => outcome(at, item))))
    }
    expect(index.get(position(0))).toBeNull()
    expect(index.get(position(199))).toBeNull()
    expect(index.get(position(200))).toMatchObject({ isSettled: true })
    expect(index.forgottenUpToMs()).toBe(199_000)
    expect(index.ofFeed('anp-newsml', { limit: 500 })).toHaveLength(200)
  })
})
