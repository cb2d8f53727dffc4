import { archivedMessages } from '@dateline/archive'
import type { Engines, LogRecord } from '@dateline/ports'
import { type Replay, type ReplayUnit, readWire } from '@dateline/replay'
import { formatPosition } from '@dateline/story'

export interface SourceRecord {
  readonly record: LogRecord
  /** Of the message. */
  readonly position: string
}

/** Some messages, and where to go on behind them. */
export interface SourceBatch {
  readonly records: readonly SourceRecord[]
  readonly cursor: { readonly unit: number; readonly offset: number }
  /** Offsets, or positions, that are behind the cursor now and were not before. */
  readonly passed: number
}

const atOnce = 50
/** A batch of so many bytes goes as it is: messages may have 8 MB each. */
const mostBytes = 8_388_608

/** What a replay reads, from a cursor on, in the order of its plan; of a range only what was received in its time. */
export async function* replaySource(
  engines: Engines,
  { plan, spec, at }: Pick<Replay, 'plan' | 'spec' | 'at'>,
  from: SourceBatch['cursor'],
): AsyncGenerator<SourceBatch> {
  if (plan.positions.length > 0) {
    yield* byPosition(engines, plan.positions, from.unit)
    return
  }
  const atMs = Date.parse(at)
  const sinceMs = spec.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(spec.since)
  const untilMs = spec.until === undefined ? atMs : Math.min(atMs, Date.parse(spec.until))
  for (let unit = from.unit; unit < plan.units.length; unit += 1) {
    const range = plan.units[unit] as ReplayUnit
    const start = unit === from.unit ? Math.max(range.from, from.offset) : range.from
    yield* inUnit(engines, {
      range,
      unit,
      start,
      sinceMs,
      untilMs,
      isArchived: spec.from === 'archive' && range.topic !== 'stories',
    })
  }
}

async function* byPosition(engines: Engines, positions: readonly string[], start: number): AsyncGenerator<SourceBatch> {
  let records: SourceRecord[] = []
  let bytes = 0
  let done = start
  for (let at = start; at < positions.length; at += 1) {
    const position = positions[at] ?? ''
    const record = await readWire(engines, position)
    if (record !== null) records.push({ record, position: messageOf(position) })
    bytes += record?.value?.byteLength ?? 0
    if (at + 1 - done < atOnce && bytes < mostBytes && at + 1 < positions.length) continue
    yield { records, cursor: { unit: at + 1, offset: 0 }, passed: at + 1 - done }
    done = at + 1
    records = []
    bytes = 0
  }
}

interface UnitRange {
  readonly range: ReplayUnit
  readonly unit: number
  readonly start: number
  readonly sinceMs: number
  readonly untilMs: number
  readonly isArchived: boolean
}

async function* inUnit(engines: Engines, given: UnitRange): AsyncGenerator<SourceBatch> {
  const { range, unit, start, sinceMs, untilMs } = given
  const { topic, logId, partition, to } = range
  let done = start
  let records: SourceRecord[] = []
  let bytes = 0
  for await (const record of messagesOf(engines, given)) {
    if (record.timeMs >= sinceMs && record.timeMs < untilMs) {
      records.push({ record, position: formatPosition({ topic, logId, partition, offset: record.offset }) })
      bytes += record.value?.byteLength ?? 0
    }
    if (records.length < atOnce && bytes < mostBytes) continue
    yield { records, cursor: { unit, offset: record.offset + 1 }, passed: record.offset + 1 - done }
    done = record.offset + 1
    records = []
    bytes = 0
  }
  yield { records, cursor: { unit: unit + 1, offset: 0 }, passed: Math.max(0, to - done) }
}

/** From the archive as far as it goes, then from the log, which still keeps what is not archived. */
async function* messagesOf(engines: Engines, given: UnitRange): AsyncGenerator<LogRecord> {
  const { range, start, sinceMs, untilMs, isArchived } = given
  const { topic, logId, partition, to } = range
  let next = start
  if (isArchived)
    for await (const record of archivedMessages(engines.archive, range, { from: start, to, sinceMs, untilMs })) {
      next = record.offset + 1
      yield record
    }
  const [info] = await engines.log.topics([topic])
  if (info?.logId !== logId) return
  const low = (await engines.log.offsets(topic)).find((entry) => entry.partition === partition)?.low ?? to
  next = Math.max(next, low)
  while (next < to) {
    const found = await engines.log.read(topic, partition, next, { maxRecords: 200, maxBytes: 4_194_304 })
    const last = found.at(-1)
    if (last === undefined) return
    for (const record of found) if (record.offset < to) yield record
    next = last.offset + 1
  }
}

const messageOf = (position: string): string => position.replace(/#\d+$/, '')
