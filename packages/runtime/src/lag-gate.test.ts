import type { Batch, PartitionOffsets } from '@dateline/ports'
import { OwnershipLost, TransientFault } from '@dateline/ports'
import { expect, it } from 'vitest'
import { createLagGate } from './lag-gate.ts'

const batch = (stillOwned: () => Promise<boolean> = async () => true): Batch => ({
  topic: 'wire.a',
  partition: 0,
  records: [],
  next: 0,
  highWatermark: 0,
  fetchedAtMs: 0,
  commit: async () => {},
  stillOwned,
})

function gateOver(offsets: () => Promise<PartitionOffsets[]>, onHeld: (isHeld: boolean) => void = () => {}) {
  return createLagGate({ log: { offsets }, topic: 'stories.parsed', group: 'publisher', limit: 10, pollMs: 10, onHeld })
}

it('lets through what targets partitions with room, and holds what targets a full one until it drains', async () => {
  let committed = 0
  const held: boolean[] = []
  const gate = gateOver(
    async () => [
      { partition: 0, low: 0, high: 100, committed },
      { partition: 1, low: 0, high: 5, committed: 0 },
    ],
    (isHeld) => held.push(isHeld),
  )
  await gate.pass(batch(), new Map([[1, 3]]))
  expect(held).toEqual([])
  setTimeout(() => {
    committed = 95
  }, 40)
  await gate.pass(batch(), new Map([[0, 3]]))
  expect(held).toEqual([true, false])
})

it('counts what it let through since it last looked', async () => {
  let looks = 0
  const gate = createLagGate({
    log: { offsets: async () => [{ partition: 0, low: 0, high: looks++, committed: 0 }] },
    topic: 't',
    group: 'g',
    limit: 10,
    pollMs: 60_000,
  })
  await gate.pass(batch(), new Map([[0, 10]]))
  await gate.pass(batch(), new Map([[0, 1]]))
  let passed = false
  void gate.pass(batch(), new Map([[0, 1]])).then(
    () => {
      passed = true
    },
    () => {},
  )
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(passed).toBe(false)
  gate.stop()
})

it('holds while the lag is not known, and gives up with the partition', async () => {
  const gate = gateOver(async () => {
    throw new TransientFault('log', 'away')
  })
  let asked = 0
  await expect(
    gate.pass(
      batch(async () => ++asked < 3),
      new Map([[0, 1]]),
    ),
  ).rejects.toBeInstanceOf(OwnershipLost)
})
