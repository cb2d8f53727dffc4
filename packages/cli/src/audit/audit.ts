import { faultOf, type OutcomeKind, validateReceiptBatch } from '@dateline/contracts'
import type { EventLog } from '@dateline/ports'
import { feedOfTopic, readPartition } from '@dateline/runtime'
import { createLedger, type LedgerMessage, type LedgerPartition } from './ledger.ts'

export type OutcomeCounts = Record<OutcomeKind, number>

export interface AuditLine {
  readonly feed: string
  readonly hour: string
  readonly messages: number
  readonly items: number
  readonly outcomes: OutcomeCounts
  /** Items that the workers have not come to yet. */
  readonly pending: number
  /** Items without an outcome although the workers have passed them. */
  readonly missing: number
}

export interface AuditReport {
  readonly lines: readonly AuditLine[]
  readonly feeds: Readonly<Record<string, Omit<AuditLine, 'feed' | 'hour'>>>
  readonly outcomes: OutcomeCounts
  readonly messages: number
  readonly items: number
  readonly pending: number
  readonly missing: number
  /** Positions of messages with a missing outcome, the first hundred. */
  readonly missingAt: readonly string[]
  /** Receipts that could not be read: none is expected. */
  readonly faults: readonly string[]
  readonly addsUp: boolean
}

const kinds: readonly OutcomeKind[] = ['published', 'duplicate', 'stale', 'held', 'recalled', 'rejected', 'ignored']

/** Per feed and hour: items received = the sum of their outcomes. Reads the wire topics and the receipts from the log, and nothing else. */
export async function audit(
  log: EventLog,
  options: { readonly feed?: string; readonly sinceMs?: number } = {},
): Promise<AuditReport> {
  // The order matters: receipts are read after the bounds of the wire were taken, so that what is received meanwhile is not called missing.
  const publisherBehind = await lagOf(log, 'stories.parsed', 'publisher')
  const ledger = createLedger()
  const passed = new Map<string, number>()
  for (const topic of await log.topics()) {
    const feed = feedOfTopic(topic.name)
    if (feed === null || (options.feed !== undefined && feed !== options.feed)) continue
    const group = topic.name.endsWith('.flash') ? 'normalizer-flash' : 'normalizer'
    for (const bounds of await log.offsets(topic.name, group)) {
      const at: LedgerPartition = { feed, topic: topic.name, logId: topic.logId ?? '', partition: bounds.partition }
      passed.set(`${topic.name}/${bounds.partition}`, bounds.committed ?? bounds.low)
      for await (const record of readPartition(log, topic.name, bounds.partition)) {
        if (record.timeMs >= (options.sinceMs ?? 0)) ledger.received(at, record.offset, record.timeMs)
      }
    }
  }
  const faults: string[] = []
  for (const { partition } of await log.offsets('wire.receipts')) {
    for await (const record of readPartition(log, 'wire.receipts', partition)) {
      const batch: unknown = parse(record.value)
      if (validateReceiptBatch(batch)) ledger.receipt(batch)
      else faults.push(`wire.receipts/${partition}/${record.offset}: ${faultOf(validateReceiptBatch)}`)
    }
  }
  return report(
    ledger.messages(),
    faults,
    (message) =>
      message.offset >= (passed.get(`${message.at.topic}/${message.at.partition}`) ?? 0) || publisherBehind > 0,
  )
}

function report(
  messages: Iterable<LedgerMessage>,
  faults: readonly string[],
  isPending: (message: LedgerMessage) => boolean,
): AuditReport {
  const lines = new Map<string, Mutable<AuditLine>>()
  const missingAt: string[] = []
  for (const message of messages) {
    const key = `${message.at.feed} ${message.hour}`
    const line = lines.get(key) ?? { feed: message.at.feed, hour: message.hour, ...emptyCounts() }
    lines.set(key, line)
    line.messages += 1
    line.items += message.outcomes.length
    const before = line.missing
    for (const outcome of message.outcomes) {
      if (outcome !== null) line.outcomes[outcome] += 1
      else if (isPending(message)) line.pending += 1
      else line.missing += 1
    }
    if (line.missing > before && missingAt.length < 100)
      missingAt.push(`${message.at.topic}@${message.at.logId}/${message.at.partition}/${message.offset}`)
  }
  const sorted = [...lines.values()].sort((a, b) =>
    a.feed === b.feed ? compare(a.hour, b.hour) : compare(a.feed, b.feed),
  )
  const feeds: Record<string, ReturnType<typeof emptyCounts>> = {}
  const total = emptyCounts()
  for (const line of sorted) {
    feeds[line.feed] ??= emptyCounts()
    for (const sum of [feeds[line.feed], total]) if (sum !== undefined) add(sum, line)
  }
  return {
    lines: sorted,
    feeds,
    ...total,
    missingAt,
    faults,
    addsUp: total.missing === 0 && total.pending === 0 && faults.length === 0,
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function emptyCounts() {
  return {
    messages: 0,
    items: 0,
    outcomes: Object.fromEntries(kinds.map((kind) => [kind, 0])) as OutcomeCounts,
    pending: 0,
    missing: 0,
  }
}

function add(sum: ReturnType<typeof emptyCounts>, line: AuditLine): void {
  sum.messages += line.messages
  sum.items += line.items
  sum.pending += line.pending
  sum.missing += line.missing
  for (const kind of kinds) sum.outcomes[kind] += line.outcomes[kind]
}

async function lagOf(log: EventLog, topic: string, group: string): Promise<number> {
  const offsets = await log.offsets(topic, group)
  return offsets.reduce((sum, entry) => sum + entry.high - Math.max(entry.committed ?? entry.low, entry.low), 0)
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null')
  } catch {
    return null
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
