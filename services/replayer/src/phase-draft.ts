import type { ReplayCounts, ReplayExample, ReplayPhase } from '@dateline/replay'
import type { SourceBatch } from './replay-source.ts'

export type Count = keyof ReplayCounts

/** A phase while it is worked on. What is counted becomes true with the note that also has the cursor: what a crash repeats is not counted twice. */
export interface PhaseDraft {
  count(feed: string, what: Count, by?: number): void
  /** Whether another example of that kind is wanted. */
  wantsExample(kind: ReplayExample['kind']): boolean
  example(example: ReplayExample): void
  readonly recalled: Set<string>
  passed(batch: Pick<SourceBatch, 'cursor' | 'passed'>): void
  readonly cursor: ReplayPhase['cursor']
  toPhase(now: { readonly at: string; readonly held?: string | null; readonly isDone?: boolean }): ReplayPhase
}

const mostExamples = 20
const mostRecalled = 5_000
const none: ReplayCounts = {
  messages: 0,
  stories: 0,
  same: 0,
  older: 0,
  changed: 0,
  accepted: 0,
  rejected: 0,
  stillRejected: 0,
  ignored: 0,
  waiting: 0,
  unknown: 0,
  sent: 0,
}

export function draftPhase(noted: ReplayPhase | undefined, startedAt: string): PhaseDraft {
  const feeds = new Map(Object.entries(noted?.feeds ?? {}).map(([feed, counts]) => [feed, { ...counts }]))
  const examples = [...(noted?.examples ?? [])]
  const recalled = new Set(noted?.recalled ?? [])
  let cursor = noted?.cursor ?? { unit: 0, offset: 0 }
  let passed = noted?.passed ?? 0
  return {
    count(feed, what, by = 1) {
      const counts = feeds.get(feed) ?? { ...none }
      feeds.set(feed, counts)
      counts[what] += by
    },
    wantsExample: (kind) => examples.filter((one) => one.kind === kind).length < mostExamples / 2,
    example: (example) => void examples.push(example),
    recalled,
    passed(batch) {
      cursor = batch.cursor
      passed += batch.passed
    },
    get cursor() {
      return cursor
    },
    toPhase: ({ at, held = null, isDone = false }) => ({
      startedAt: noted?.startedAt ?? startedAt,
      updatedAt: at,
      cursor,
      passed,
      feeds: Object.fromEntries([...feeds].map(([feed, counts]) => [feed, { ...counts }])),
      examples: [...examples],
      held,
      isDone,
      ...(recalled.size === 0 ? {} : { recalled: [...recalled].slice(-mostRecalled) }),
    }),
  }
}
