import { hash } from 'node:crypto'
import type { Item, ItemOutcome, ParsedRecord } from '@dateline/contracts'
import type { AppendRecord } from '@dateline/ports'
import type { WorkerResult } from '@dateline/runtime'
import { type Decision, decide, type StoryRecordInput, storyRecord, type Verdict } from '@dateline/story'
import { freedRecord, heldRecord } from './held-record.ts'
import { identify } from './identify.ts'
import type { Change, Memory } from './memory.ts'

/** What one record comes to. */
export interface Published {
  readonly appends: readonly AppendRecord[]
  readonly changes: readonly Change[]
  /** For the receipts; null for a command. */
  readonly outcome: ItemOutcome | null
  /** For metrics and logs; null for a command that says nothing. */
  readonly told: WorkerResult['tally'][number] | null
}

export interface PublishContext {
  readonly instance: string
  readonly partition: number
  readonly logTimeMs: number
  /** `<topic>@<log id>/<partition>/<offset>` of the record in `stories.parsed`. */
  readonly position: string
}

/** Decides one record and says what is to be emitted. Changes nothing. */
export function publish(
  line: ParsedRecord,
  document: string,
  { memory, context }: { readonly memory: Memory; readonly context: PublishContext },
): Published {
  if (line.kind === 'item') return publishItem(line, document, memory, context)
  const { logTimeMs } = context
  const { storyKey } = line
  const record = line.kind === 'release' ? { ...line, item: asCarried(line.item, document) } : line
  const state = memory.story(storyKey)
  const decision = decide(state, { storyKey, record, logTimeMs })
  const from = line.kind === 'release' ? line.item : line.kind === 'kill' ? line : null
  const about =
    line.kind === 'release'
      ? { position: line.item.position, feed: line.item.feed }
      : { position: context.position, feed: state?.feed ?? storyKey.slice(0, storyKey.indexOf(':')) }
  return {
    appends: from === null ? [] : emissions(decision, { storyKey, from, document }, context),
    changes: decision.next === null ? [] : [{ kind: 'story', key: storyKey, state: decision.next }],
    outcome: null,
    told: decision.verdict === null ? null : { ...decision.verdict, ...about, storyKey },
  }
}

/** The hash of what the command really carries, for the decision to compare. */
const asCarried = (item: Item, document: string): Item => ({ ...item, outputHash: hash('sha256', document) })

function publishItem(line: Item, document: string, memory: Memory, context: PublishContext): Published {
  const { logTimeMs } = context
  const identified = identify(line, logTimeMs, memory)
  const { storyKey, item, capture } = identified
  const decision = identified.decision ?? decide(memory.story(storyKey), { storyKey, record: item, logTimeMs })
  const changes: Change[] = []
  // The state first: cut off between the two, the item is decided again and found to be done.
  if (decision.next !== null) changes.push({ kind: 'story', key: storyKey, state: decision.next })
  if (capture !== undefined && decision.verdict?.reason !== 'too-old') changes.push(capture)
  const outcome = outcomeOf(line, storyKey, decision)
  return { appends: emissions(decision, { storyKey, from: item, document }, context), changes, outcome, told: outcome }
}

function outcomeOf(item: Item, storyKey: string, { verdict, event }: Decision): ItemOutcome {
  return {
    position: item.position,
    attempt: item.attempt,
    ...(verdict as Verdict),
    storyKey,
    ...(event === null ? {} : { eventId: event.id, storySeq: event.seq }),
    ...(event?.version === undefined ? {} : { version: event.version }),
    receivedAt: item.receivedAt,
    feed: item.feed,
  }
}

function emissions(
  { event, next, unheld }: Decision,
  what: {
    readonly storyKey: string
    readonly from: StoryRecordInput['from']
    readonly document: string
  },
  { instance, partition, logTimeMs }: PublishContext,
): AppendRecord[] {
  const { storyKey, from, document } = what
  const at = { partition, storyKey }
  const appends: AppendRecord[] = []
  if (event !== null && event.kind !== 'embargoed') {
    const time = new Date(logTimeMs).toISOString()
    appends.push(storyRecord({ instance, partition, storyKey, event, time, from, document }))
  } else if (event !== null && next !== null && from.kind === 'item') {
    appends.push(heldRecord(at, next, { item: from, document }))
  }
  if (unheld !== null) appends.push(freedRecord(at, unheld))
  return appends
}
