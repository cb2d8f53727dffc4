import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPartitionDeliveries, type Due } from './partition-deliveries.ts'

const due = (offset: number, storyKey: string, storySeq: number, subscription = 'a'): Due => ({
  offset,
  timeMs: offset,
  eventId: `${storyKey}#${storySeq}`,
  storyKey,
  storySeq,
  subscription,
})

describe('how far all is done', () => {
  it('is the oldest event under way, else what was looked at', () => {
    const deliveries = createPartitionDeliveries(10)
    expect(deliveries.doneBelow()).toBe(10)
    deliveries.due(due(10, 's', 1))
    deliveries.due(due(10, 's', 1, 'b'))
    deliveries.due(due(12, 't', 1))
    deliveries.passed(13)
    expect(deliveries.doneBelow()).toBe(10)
    deliveries.over('a', 's', 1)
    expect(deliveries.doneBelow()).toBe(10)
    deliveries.over('b', 's', 1)
    expect(deliveries.doneBelow()).toBe(12)
    deliveries.over('a', 't', 1)
    expect(deliveries.doneBelow()).toBe(13)
  })

  it('is not beyond what a parked subscription has yet to read', () => {
    const deliveries = createPartitionDeliveries(0)
    deliveries.park('a', 4)
    deliveries.passed(9)
    expect(deliveries.doneBelow()).toBe(4)
    deliveries.unpark('a')
    expect(deliveries.doneBelow()).toBe(9)
  })
})

describe('of one story and subscription', () => {
  it('only the newest counts as news, and what is over takes the older ones along', () => {
    const deliveries = createPartitionDeliveries(0)
    expect(deliveries.due(due(0, 's', 1))).toBe(true)
    expect(deliveries.due(due(1, 's', 2))).toBe(true)
    expect(deliveries.due(due(2, 's', 2))).toBe(false)
    expect(deliveries.due(due(3, 's', 1))).toBe(false)
    expect([deliveries.isNewest('a', 's', 1), deliveries.isNewest('a', 's', 2)]).toEqual([false, true])
    expect(deliveries.openOf('a')).toBe(2)
    deliveries.over('a', 's', 2)
    expect([deliveries.openOf('a'), deliveries.open()]).toEqual([0, []])
  })
})

it('never calls done what is under way, whatever comes in whatever order', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('due' as const), key: fc.nat(3), seq: fc.nat(5), sub: fc.nat(2), gap: fc.nat(2) }),
    fc.record({ do: fc.constant('over' as const), key: fc.nat(3), seq: fc.nat(5), sub: fc.nat(2) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const deliveries = createPartitionDeliveries(0)
      let open: Due[] = []
      let offset = 0
      let before = 0
      for (const given of steps) {
        const [key, sub] = [`s${given.key}`, `u${given.sub}`]
        if (given.do === 'due') {
          offset += given.gap
          const one = due(offset, key, given.seq + 1, sub)
          if (deliveries.due(one)) open.push(one)
          offset += 1
          deliveries.passed(offset)
        } else {
          deliveries.over(sub, key, given.seq)
          open = open.filter((one) => one.storyKey !== key || one.subscription !== sub || one.storySeq > given.seq)
        }
        expect(deliveries.doneBelow()).toBe(Math.min(offset, ...open.map((one) => one.offset)))
        expect(deliveries.doneBelow()).toBeGreaterThanOrEqual(before)
        before = deliveries.doneBelow()
        expect(deliveries.open()).toHaveLength(open.length)
      }
    }),
  )
})
