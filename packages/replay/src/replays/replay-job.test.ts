import { expect, it } from 'vitest'
import {
  phaseOf,
  type Replay,
  type ReplayCounts,
  type ReplayPhase,
  type ReplayProgress,
  type ReplayWish,
  type Spec,
  stateOf,
} from './replay-job.ts'

const spec: Spec = { mode: 'reprocess', from: 'archive', preview: true, newestOnly: false }
const running: ReplayWish = { want: 'run', isConfirmed: false, history: [] }
const at = '2026-01-20T08:00:00Z'
const counts = { changed: 1, accepted: 0 } as ReplayCounts

function phase(isDone: boolean, feeds: ReplayPhase['feeds'] = { 'sim-json': counts }): ReplayPhase {
  return {
    startedAt: at,
    updatedAt: at,
    cursor: { unit: 0, offset: 0 },
    passed: 0,
    feeds,
    examples: [],
    held: null,
    isDone,
  }
}

it.each([
  ['waits before anybody works on it', {}, running, 'waiting', 'preview'],
  ['is previewed', { preview: phase(false) }, running, 'previewing', 'preview'],
  ['waits to be confirmed', { preview: phase(true) }, running, 'ready', null],
  ['is done where nothing would change', { preview: phase(true, {}) }, running, 'done', null],
  [
    'is published once it is confirmed',
    { preview: phase(true) },
    { ...running, isConfirmed: true },
    'waiting',
    'publish',
  ],
  [
    'is being published',
    { preview: phase(true), publish: phase(false) },
    { ...running, isConfirmed: true },
    'publishing',
    'publish',
  ],
  ['stands still when that is wanted', { preview: phase(false) }, { ...running, want: 'pause' }, 'paused', null],
  ['ends when that is wanted', { preview: phase(true) }, { ...running, want: 'cancel' }, 'cancelled', null],
  ['has failed', { preview: phase(false), fault: 'damaged' }, running, 'failed', null],
  ['is done, whatever is wanted afterwards', { publish: phase(true) }, { ...running, want: 'cancel' }, 'done', null],
] as const)('%s', (_name, progress: ReplayProgress, wish: ReplayWish, state, working) => {
  expect(stateOf(wish, progress, spec)).toBe(state)
  const replay: Replay = {
    id: 'rpl_1',
    name: 'one',
    spec,
    plan: { units: [], positions: [] },
    by: 'operator',
    at,
    wish,
    progress,
    state: stateOf(wish, progress, spec),
    total: 0,
  }
  expect(phaseOf(replay)).toBe(working)
})
