import type { AppendRecord, Batch, ConsumeOptions, Consumption, EventLog, LogRecord, TopicSpec } from '../event-log.ts'
import type { ContractPromise } from './contract-promise.ts'
import { uniqueName, withCleanup } from './scope.ts'
import { patientlyUntil, type Until } from './waiting.ts'

export interface EventLogSubject {
  /** Every call opens a new connection to the same log. */
  readonly open: () => Promise<EventLog>
  /** The shortest session the engine grants a group member; 6,000 ms unless said (Kafka's own least). */
  readonly sessionTimeoutMs?: number
  /** How long a check waits for what should come; 45,000 ms unless said. */
  readonly patienceMs?: number
}

/** What a check works with; everything made here is closed or deleted when the check ends. */
export interface EventLogBench {
  readonly log: EventLog
  readonly sessionTimeoutMs: number
  another(): Promise<EventLog>
  readonly until: Until
  topic(spec?: Partial<TopicSpec>): Promise<string>
  follow(log: EventLog, options: Partial<ConsumeOptions> & { readonly topics: readonly string[] }): Promise<Following>
}

/** A consumption with all it was handed. */
export interface Following {
  readonly consumption: Consumption
  readonly records: LogRecord[]
  readonly batches: Batch[]
  values(): string[]
}

/** A promise of the event log, checked on a bench of its own. */
export function eventLogPromise(
  promise: string,
  check: (bench: EventLogBench) => Promise<void>,
): ContractPromise<EventLogSubject> {
  return {
    promise,
    check: (subject) =>
      withCleanup(subject, async ({ another, undoLater }) => {
        const log = await another()
        await check({
          log,
          another,
          until: patientlyUntil(subject.patienceMs),
          sessionTimeoutMs: subject.sessionTimeoutMs ?? 6_000,
          topic: async (spec = {}) => {
            const name = spec.name ?? uniqueName('contract')
            await log.createTopic(topicSpec({ ...spec, name }))
            undoLater(() => log.deleteTopic(name))
            return name
          },
          follow: async (on, options) => {
            const following = await follow(on, options)
            undoLater(() => following.consumption.stop(1_000))
            return following
          },
        })
      }),
  }
}

/** Consumes and keeps what comes. Without a handler of its own it commits every batch. */
async function follow(
  log: EventLog,
  options: Partial<ConsumeOptions> & { readonly topics: readonly string[] },
): Promise<Following> {
  const records: LogRecord[] = []
  const batches: Batch[] = []
  const handle = options.handle ?? ((batch: Batch) => batch.commit(batch.next))
  const consumption = await log.consume({
    group: uniqueName('contract-group'),
    ...options,
    handle: async (batch) => {
      batches.push(batch)
      records.push(...batch.records)
      await handle(batch)
    },
  })
  // Checks that expect a failure await `ended` themselves.
  consumption.ended.catch(() => undefined)
  return { consumption, records, batches, values: () => records.map(valueText) }
}

export const topicSpec = (spec: Partial<TopicSpec> & { readonly name: string }): TopicSpec => ({
  partitions: 1,
  cleanup: 'delete',
  retentionMs: 3_600_000,
  maxMessageBytes: 1_000_000,
  ...spec,
})

export const valueText = (record: { readonly value: Buffer | null }): string => record.value?.toString() ?? 'null'

/** `count` records with the values 0, 1, 2 … */
export const numbered = (topic: string, count: number, record: Partial<AppendRecord> = {}): AppendRecord[] =>
  Array.from({ length: count }, (_, at) => ({ topic, key: 'k', value: String(at), ...record }))

export const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at))
