import {
  type AppendRecord,
  type Batch,
  type ConsumeOptions,
  type EventLog,
  OwnershipLost,
  TransientFault,
} from '@dateline/ports'

/** A promise by its name, and an adapter that breaks it while it keeps most others. */
export type Breakage<Port> = readonly [promise: string, breakIt: (port: Port) => Partial<Port>]

const text = (bytes: Uint8Array | string | null): string => (bytes === null ? '' : Buffer.from(bytes).toString())

const appending = (
  log: EventLog,
  change: (records: readonly AppendRecord[]) => readonly AppendRecord[],
): Partial<EventLog> => ({
  append: (records) => log.append(change(records)),
})

const handling = (log: EventLog, change: (options: ConsumeOptions) => Partial<ConsumeOptions>): Partial<EventLog> => ({
  consume: (options) => log.consume({ ...options, ...change(options) }),
})

const handledBy = (
  log: EventLog,
  handle: (batch: Batch, options: ConsumeOptions) => Promise<void>,
): Partial<EventLog> => handling(log, (options) => ({ handle: (batch) => handle(batch, options) }))

/** Appends made in memory only: they are gone for every other connection. */
const unheard = (log: EventLog): Partial<EventLog> => ({
  append: async (records) => records.map((_, offset) => ({ kind: 'appended', partition: 0, offset })),
  read: log.read,
})

export const logBreakages: readonly Breakage<EventLog>[] = [
  ['acknowledged is durable: another connection reads it', unheard],
  [
    'acknowledged is durable: another connection reads it',
    (log) => ({
      append: async (records) => [
        ...(await log.append(records.slice(1))),
        { kind: 'appended', partition: 0, offset: 0 },
      ],
    }),
  ],
  [
    'tells each record where it lies, in the order given',
    (log) => ({ append: async (records) => (await log.append(records)).toReversed() }),
  ],
  ['keeps the order within a key', (log) => appending(log, (records) => records.toReversed())],
  [
    "puts a key where Kafka's own partitioner puts it",
    (log) =>
      appending(log, (records) => records.map((record, at) => ({ ...record, partition: record.partition ?? at % 2 }))),
  ],
  [
    'puts a record where it is told to, and one without a key in partition 0',
    (log) => appending(log, (records) => records.map(({ partition: _, ...record }) => record)),
  ],
  [
    'keeps every byte of key, value and headers',
    (log) => appending(log, (records) => records.map((record) => ({ ...record, value: text(record.value) }))),
  ],
  [
    'keeps every byte of key, value and headers',
    (log) => appending(log, (records) => records.map((record) => ({ ...record, key: text(record.key) }))),
  ],
  [
    'keeps headers that repeat a name, in their order, and empty ones',
    (log) =>
      appending(log, (records) => records.map((record) => ({ ...record, headers: [...new Map(record.headers)] }))),
  ],
  [
    'tells a tombstone from an empty value',
    (log) => appending(log, (records) => records.map((record) => ({ ...record, value: record.value ?? '' }))),
  ],
  [
    "sets the record's time itself, the same for every reader",
    (log) => ({
      read: async (...asked) => (await log.read(...asked)).map((record) => ({ ...record, timeMs: 1_000_000 })),
    }),
  ],
  [
    'says what is too large and appends its neighbours',
    (log) => appending(log, (records) => records.filter((record) => Buffer.byteLength(record.value ?? '') < 10_000)),
  ],
  [
    'says what is too large and appends its neighbours',
    (log) => ({
      append: async (records) => {
        const large = records.some((record) => Buffer.byteLength(record.value ?? '') > 10_000)
        return large
          ? records.map(() => ({ kind: 'too-large', bytes: 50_000, limitBytes: 10_000 }))
          : log.append(records)
      },
    }),
  ],
  [
    'appends nothing for an empty append',
    (log) => ({
      append: (records) => (records.length === 0 ? Promise.reject(new Error('nothing')) : log.append(records)),
    }),
  ],
  [
    'refuses a topic that does not exist, for good',
    (log) => ({
      append: (records) =>
        log.append(records).catch((error: unknown) => {
          throw new TransientFault('log', 'try again for ever', { cause: error })
        }),
    }),
  ],
  [
    'creates a topic once and gives it a log id that every reader sees',
    (log) => ({ createTopic: async (spec) => ({ ...(await log.createTopic(spec)), created: true }) }),
  ],
  [
    'creates a topic once and gives it a log id that every reader sees',
    (log) => ({
      topics: async (names) => (await log.topics(names)).map((info) => ({ ...info, logId: String(Math.random()) })),
    }),
  ],
  [
    'says that it created what it created',
    (log) => ({ createTopic: async (spec) => ({ ...(await log.createTopic(spec)), created: false }) }),
  ],
  ['lists the topics there are, and of those named the ones that exist', (log) => ({ topics: () => log.topics() })],
  ['gives a deleted and recreated topic another log id and no records', () => ({ deleteTopic: async () => undefined })],
  [
    'gives a deleted and recreated topic another log id and no records',
    (log) => ({
      createTopic: async (spec) => {
        const { created, info } = await log.createTopic(spec)
        return { created, info: { ...info, logId: 'the-same' } }
      },
      topics: async (names) => (await log.topics(names)).map((info) => ({ ...info, logId: 'the-same' })),
    }),
  ],
  ["tells low, high and the group's position per partition", (log) => ({ offsets: (name) => log.offsets(name) })],
  [
    "tells low, high and the group's position per partition",
    (log) => ({ offsets: async (...asked) => (await log.offsets(...asked)).toReversed() }),
  ],
  [
    'reads on demand from a position, oldest first, within the limits',
    (log) => ({ read: (name, partition, _, limits) => log.read(name, partition, 0, limits) }),
  ],
  [
    'reads on demand from a position, oldest first, within the limits',
    (log) => ({ read: (name, partition, from, { maxRecords }) => log.read(name, partition, from, { maxRecords }) }),
  ],
  [
    'hands out everything from the earliest record, then what comes',
    (log) => handling(log, () => ({ startAt: async ({ high }) => high })),
  ],
  [
    'hands out the bytes, key and headers that were appended',
    (log) =>
      handledBy(log, (batch, { handle }) =>
        handle({ ...batch, records: batch.records.map((record) => ({ ...record, headers: [] })) }),
      ),
  ],
  [
    'hands out one batch of a partition at a time, in order',
    (log) => handledBy(log, async (batch, { handle }) => void (await Promise.all([handle(batch), handle(batch)]))),
  ],
  [
    'hands out one batch of a partition at a time, in order',
    (log) => handledBy(log, (batch, { handle }) => handle({ ...batch, records: batch.records.toReversed() })),
  ],
  ['hands out one batch of a partition at a time, in order', (log) => handling(log, () => ({ maxRecords: 1_000 }))],
  [
    'bounds a batch by its bytes; a larger record comes alone',
    (log) => handling(log, () => ({ maxBytes: 10_000_000 })),
  ],
  [
    'hands out again what was not committed',
    (log) =>
      handledBy(log, async (batch, { handle }) => {
        await batch.commit(batch.next)
        await handle(batch)
      }),
  ],
  [
    'resumes at the committed position',
    (log) => handledBy(log, (batch, { handle }) => handle({ ...batch, commit: async () => undefined })),
  ],
  ['keeps groups apart', (log) => handling(log, ({ group }) => ({ group: group === null ? null : 'one-for-all' }))],
  [
    'starts where startAt says, which is told what there is',
    (log) => ({ consume: ({ startAt: _, ...options }) => log.consume(options) }),
  ],
  [
    'starts where startAt says, which is told what there is',
    (log) =>
      handling(log, ({ startAt }) =>
        startAt ? { startAt: async (start) => Math.max((await startAt(start)) ?? 0, start.committed ?? 0) } : {},
      ),
  ],
  [
    'starts at the committed position when startAt says null',
    (log) => handling(log, ({ startAt }) => (startAt ? { startAt: async (start) => (await startAt(start)) ?? 0 } : {})),
  ],
  [
    'hands the same batch out again after a TransientFault',
    (log) =>
      handledBy(log, (batch, { handle }) =>
        handle(batch).catch((error: unknown) => {
          if (!(error instanceof TransientFault)) throw error
        }),
      ),
  ],
  [
    'asks startAt again after OwnershipLost',
    (log) =>
      handledBy(log, (batch, { handle }) =>
        handle(batch).catch((error: unknown) => {
          throw error instanceof OwnershipLost ? new TransientFault('log', 'the same again') : error
        }),
      ),
  ],
  [
    'ends with the error when the worker has a fault of its own',
    (log) => handledBy(log, (batch, { handle }) => handle(batch).catch(() => undefined)),
  ],
  [
    'ends and gives its partitions back when it is stopped',
    (log) => ({ consume: async (options) => ({ ...(await log.consume(options)), stop: async () => undefined }) }),
  ],
  [
    'waits with stop for the batch in work, and that one may still commit',
    (log) => ({
      consume: async (options) => {
        const consumption = await log.consume(options)
        return { ...consumption, stop: () => consumption.stop(0) }
      },
    }),
  ],
  [
    'stops at the deadline when a batch hangs',
    (log) => ({
      consume: async (options) => {
        const consumption = await log.consume(options)
        return { ...consumption, stop: (deadlineMs = 0) => consumption.stop(deadlineMs + 10_000) }
      },
    }),
  ],
  [
    'shares the partitions among the members of a group',
    (log) => handling(log, ({ group }) => ({ group: `${group}-${Math.random()}` })),
  ],
  [
    'gives the partitions of a member that leaves to the others',
    (log) => ({
      consume: async (options) => ({ ...(await log.consume(options)), stop: async () => undefined }),
    }),
  ],
  [
    'reads every partition without a group, and commits nothing',
    (log) => handling(log, ({ group }) => ({ group: group ?? 'one-for-all' })),
  ],
  ['reads several topics in one group', (log) => handling(log, ({ topics }) => ({ topics: topics.slice(0, 1) }))],
  [
    'leaves a partition with a member that says it is still at work',
    (log) => handledBy(log, (batch, { handle }) => handle({ ...batch, stillOwned: async () => false })),
  ],
  [
    'refuses the late commit of a member that lost its partition',
    (log) =>
      handledBy(log, (batch, { handle }) =>
        handle({ ...batch, commit: (next) => batch.commit(next).catch(() => undefined) }),
      ),
  ],
]
