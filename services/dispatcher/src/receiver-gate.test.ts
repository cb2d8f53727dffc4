import { describe, expect, it } from 'vitest'
import { createReceiverGate } from './receiver-gate.ts'

const delivered = { kind: 'delivered', status: 200 } as const
const down = { kind: 'unreachable', why: 'x' } as const

describe('the gate of a receiver', () => {
  it('lets a few deliveries in at once, and each subscription has its own', () => {
    const gate = createReceiverGate(() => 0)
    for (let at = 0; at < 8; at += 1) expect(gate.enter('a')).toBeNull()
    expect(gate.enter('a')).toBeGreaterThan(0)
    expect(gate.enter('b')).toBeNull()
    gate.leave('a', delivered)
    expect(gate.enter('a')).toBeNull()
  })

  it('lets one probe in after a few failures in a row, and says when an outage is over', () => {
    let nowMs = 0
    const gate = createReceiverGate(() => nowMs)
    for (let at = 0; at < 4; at += 1) gate.enter('a')
    for (let at = 0; at < 3; at += 1) expect(gate.leave('a', down)).toBe(false)
    expect(gate.enter('a')).toBeGreaterThan(0)
    expect(gate.leave('a', down)).toBe(false)
    expect(gate.enter('a')).toBeNull()
    expect(gate.enter('a')).toBeGreaterThan(0)
    nowMs = 60_000
    expect(gate.leave('a', delivered)).toBe(true)
    for (let at = 0; at < 8; at += 1) expect(gate.enter('a')).toBeNull()
  })

  it('takes a failure between two successes for no outage', () => {
    let nowMs = 0
    const gate = createReceiverGate(() => nowMs)
    const told = [delivered, down, delivered, down, down].map((result) => {
      gate.enter('a')
      nowMs += 60_000
      return gate.leave('a', result)
    })
    expect(told).toEqual([false, false, false, false, false])
    for (let at = 0; at < 8; at += 1) expect(gate.enter('a')).toBeNull()
    expect(gate.leave('a', delivered)).toBe(false)
  })

  it('stays shut for as long as a busy receiver asked', () => {
    let nowMs = 0
    const gate = createReceiverGate(() => nowMs)
    gate.enter('a')
    gate.leave('a', { kind: 'busy', retryAfterMs: 10_000 })
    expect(gate.enter('a')).toBeGreaterThanOrEqual(10_000)
    nowMs = 10_000
    expect(gate.enter('a')).toBeNull()
  })
})
