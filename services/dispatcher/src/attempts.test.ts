import { describe, expect, it } from 'vitest'
import { afterAttempt, schedule, type Tries } from './attempts.ts'
import type { DeliveryResult } from './webhook.ts'

const hourMs = 3_600_000
const nowMs = 1_000_000

const after = (result: DeliveryResult, tries: Partial<Tries> = {}) =>
  afterAttempt(
    result,
    { attempt: 1, isLastAttempt: false, tries: 1, refusals: 0, ageMs: 0, ...tries },
    { schedule, nowMs },
  )
const sum = (pauses: readonly number[]): number => pauses.reduce((total, pause) => total + pause, 0)

describe('the schedule', () => {
  it('tries for about three days, and a receiver that refuses for about an hour', () => {
    expect(sum(schedule.pausesMs) / hourMs).toBeGreaterThan(70)
    expect(sum(schedule.pausesMs) / hourMs).toBeLessThan(74)
    expect(sum(schedule.refusedPausesMs) / hourMs).toBeGreaterThan(0.75)
    expect(sum(schedule.refusedPausesMs) / hourMs).toBeLessThan(1.25)
  })
})

describe('after an attempt', () => {
  it('that was delivered, it is done', () => {
    expect(after({ kind: 'delivered', status: 204 })).toEqual({ verdict: { kind: 'done' }, note: 'delivered' })
  })

  it('that was answered 410, the subscription is disabled', () => {
    expect(after({ kind: 'gone' })).toEqual({ verdict: { kind: 'done' }, note: 'disabled' })
  })

  it('that met a busy receiver, it waits as long as it was told and no try is counted', () => {
    expect(after({ kind: 'busy', retryAfterMs: 30_000 })).toEqual({
      verdict: { kind: 'later', notBeforeMs: nowMs + 30_000 },
      note: null,
    })
  })

  it('that reached nobody, it is tried again, up to the last try', () => {
    const down: DeliveryResult = { kind: 'unreachable', why: 'ECONNREFUSED' }
    expect(after(down, { attempt: 15 })).toEqual({ verdict: { kind: 'retry', reason: 'ECONNREFUSED' }, note: null })
    expect(after(down, { attempt: 16, isLastAttempt: true })).toEqual({
      verdict: { kind: 'give-up', reason: 'ECONNREFUSED' },
      note: 'given-up',
    })
  })

  it.each([
    [{ kind: 'refused', status: 404 }, 'refused with 404'],
    [{ kind: 'forbidden', why: 'private' }, 'private'],
  ] as const)('that was refused (%o), it is tried on a shorter schedule, whatever came before', (result, reason) => {
    expect(after(result, { attempt: 12, refusals: 1 })).toEqual({
      verdict: { kind: 'later', notBeforeMs: nowMs + 5_000 },
      note: null,
    })
    expect(after(result, { refusals: 6 }).verdict).toEqual({ kind: 'later', notBeforeMs: nowMs + 1_800_000 })
    expect(after(result, { refusals: 7 })).toEqual({ verdict: { kind: 'give-up', reason }, note: 'given-up' })
  })

  it('of an event that is days old, it is given up after a few tries, a busy receiver too', () => {
    const old = { ageMs: 73 * hourMs }
    expect(after({ kind: 'unreachable', why: 'x' }, { ...old, tries: 3, attempt: 3 }).note).toBeNull()
    expect(after({ kind: 'unreachable', why: 'x' }, { ...old, tries: 4 }).note).toBe('given-up')
    expect(after({ kind: 'busy', retryAfterMs: 1_000 }, { ...old, tries: 4 }).note).toBe('given-up')
  })
})
