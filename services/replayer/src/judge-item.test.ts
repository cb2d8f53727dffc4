import type { Item, StoryState } from '@dateline/contracts'
import { expect, it } from 'vitest'
import { judgeItem } from './judge-item.ts'

const position = (offset: number): string => `wire.sim@log_x/0/${offset}#0`
const hash = (digit: string): string => digit.repeat(64)

const state: StoryState = {
  seq: 3,
  status: 'live',
  shown: 'story',
  reach: 'out',
  version: '2',
  receivedAt: '2026-01-20T08:00:00.000Z',
  current: position(7),
  attempt: '0',
  revision: 0,
  sourceHash: hash('a'),
  outputHash: hash('b'),
  eventId: 'evt_x',
  feed: 'sim',
  lastEventAt: '2026-01-20T08:00:00.000Z',
}
const item: Item = {
  kind: 'item',
  supplier: 'sim',
  feed: 'sim',
  storyKey: 'sim:1',
  position: position(7),
  receivedAt: '2026-01-20T08:00:00.000Z',
  wireSha256: hash('0'),
  attempt: 'rpl_1.1',
  lane: 'replay',
  replayId: 'rpl_1',
  format: 'ninjs',
  version: '2',
  pubStatus: 'usable',
  sourceHash: hash('a'),
  outputHash: hash('c'),
}
const recall = { status: 'killed', receivedAt: '2026-01-20T09:00:00.000Z', position: position(8) } as const

it.each<readonly [string, StoryState | null, Partial<Item>, object]>([
  ['the current version with another document changes', state, {}, { kind: 'changed', isSent: false }],
  ['the current version with the same document does not', state, { outputHash: hash('b') }, { kind: 'same' }],
  ['an older version is left alone', state, { position: position(3), version: '1' }, { kind: 'older' }],
  [
    'one that this replay sent before a crash is not sent again',
    { ...state, attempt: 'rpl_1.1', revision: 1, outputHash: hash('c') },
    {},
    { kind: 'changed', isSent: true },
  ],
  ['what no one knew is accepted', null, {}, { kind: 'accepted', isSent: false }],
  [
    'a newer version than was read before is accepted',
    state,
    { position: position(9), version: '3' },
    { kind: 'accepted' },
  ],
  ['killed stays killed', { ...state, status: 'killed', shown: 'recall', recall }, {}, { kind: 'older' }],
  [
    'what a desk has killed stays killed',
    { ...state, status: 'killed', shown: 'recall', desk: 'night' },
    {},
    { kind: 'older' },
  ],
  [
    'what a desk has lifted waits for the agency',
    { ...state, status: 'lifted', shown: 'recall' },
    {},
    { kind: 'older' },
  ],
  [
    'what is under embargo changes, and stays held',
    { ...state, status: 'held', shown: 'nothing', reach: 'held', embargo: 'indefinite', heldEventId: 'evt_x' },
    {},
    { kind: 'changed', reason: 'embargoed' },
  ],
])('%s', (_name, known, given, expected) => {
  const nowMs = Date.parse('2026-01-21T08:00:00Z')
  expect(judgeItem(known, { ...item, ...given }, { storyKey: 'sim:1', nowMs })).toMatchObject(expected)
})
