import type { LogRecord } from '@dateline/ports'
import { readSettings } from '@dateline/runtime'
import { describe, expect, it } from 'vitest'
import {
  isRecall,
  type PublishedEvent,
  publishedEvent,
  type Subscription,
  subscriptionsOf,
  wants,
} from './subscription.ts'
import { type StoryEventInput, storyEvent } from './testing/dispatcher-bench.ts'

const event = (more: Partial<StoryEventInput> = {}): PublishedEvent => storyEvent({ key: 'anp:1', ...more })

function subscription(yaml: string): Subscription {
  const result = readSettings(`subscriptions: { s: { deliver: webhook, url: "https://x.example/", ${yaml} } }`, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const [found] = subscriptionsOf(result.settings)
  if (found === undefined) throw new Error('no subscription')
  return found
}

const dutch = {
  document: { language: 'nl-NL', subjects: [{ uri: 'http://cv.iptc.org/newscodes/mediatopic/16000000' }] },
}

describe('what a subscription wants', () => {
  it.each([
    ['everything', '', {}, true],
    ['its suppliers', 'where: { suppliers: [anp] }', {}, true],
    ['no other suppliers', 'where: { suppliers: [dpa] }', {}, false],
    ['its feeds', 'where: { feeds: [anp-newsml] }', {}, true],
    ['no other feeds', 'where: { feeds: [anp-site] }', {}, false],
    ['its language, whatever the country', 'where: { language: nl }', dutch, true],
    ['no other language', 'where: { language: fr }', dutch, false],
    ['no story without a language, when it asks for one', 'where: { language: nl }', {}, false],
    ['a media topic by its code', 'where: { subjects: ["medtop:16000000"] }', dutch, true],
    ['a subject by its literal', 'where: { subjects: [BUI] }', { document: { subjects: [{ literal: 'BUI' }] } }, true],
    ['a subject by its name', 'where: { subjects: [Sport] }', { document: { subjects: [{ name: 'Sport' }] } }, true],
    ['no other subjects', 'where: { subjects: ["medtop:1"] }', dutch, false],
    ['urgent stories', 'where: { maxUrgency: 3 }', { headers: { ce_urgency: '3' } }, true],
    ['no less urgent ones', 'where: { maxUrgency: 3 }', { headers: { ce_urgency: '4' } }, false],
    ['none without urgency, when it asks for one', 'where: { maxUrgency: 3 }', {}, false],
    ['only what meets all conditions', 'where: { suppliers: [anp], language: fr }', dutch, false],
    ['all of them met', 'where: { suppliers: [anp], language: nl, subjects: ["medtop:16000000"] }', dutch, true],
    ['reprocessed stories', '', { headers: { ce_change: 'reprocessed' } }, true],
    ['none of them, when it says so', 'reprocessed: false', { headers: { ce_change: 'reprocessed' } }, false],
    ['nothing while it is not active', 'active: false', {}, false],
  ] as const)('%s', (_name, yaml, story, isWanted) => {
    expect(wants(subscription(yaml), event(story))).toBe(isWanted)
  })

  it.each(['killed', 'withheld'] as const)('a story that was %s, past every filter, active or not', (type) => {
    const recall = event({ type })
    expect(isRecall(recall)).toBe(true)
    for (const yaml of [
      'active: false',
      'where: { suppliers: [dpa], language: fr, maxUrgency: 1 }',
      'reprocessed: false',
    ])
      expect(wants(subscription(yaml), recall)).toBe(true)
  })
})

it('is no event without id, type, key or sequence', () => {
  const whole = event().record
  const without = (name: string): LogRecord => ({
    ...whole,
    headers: whole.headers.filter(([header]) => header !== name),
  })
  for (const record of [...['ce_id', 'ce_type', 'ce_storyseq'].map(without), { ...whole, key: null }])
    expect(publishedEvent(record)).toBeNull()
})
