import { hash } from 'node:crypto'
import {
  type Item,
  type ParsedRecord,
  type ReceiptBatch,
  validateChangelogRecord,
  validateParsedRecord,
  validatePublishedStory,
  validateReceiptBatch,
  validateRejected,
} from '@dateline/contracts'
import type { AppendRecord, LogRecord } from '@dateline/ports'
import type { LoadedState, WorkerResult } from '@dateline/runtime'
import { contentIdentity, encodeParsedRecord, structuredEvent, toDocument } from '@dateline/story'
import { publisherWorker } from './publisher-worker.ts'

/** For tests: parsed records as a normalizer appends them, and a publisher with a store of its own, in memory. */
export const startMs = Date.parse('2026-03-01T12:00:00Z')
export const at = (seconds: number): string => new Date(startMs + seconds * 1_000).toISOString()

export interface GivenStory extends Partial<Pick<Item, 'embargo' | 'pubStatus' | 'urgency' | 'signals' | 'replaces'>> {
  /** null: the supplier gave none. */
  readonly id?: string | null
  readonly version?: string
  readonly headline?: string
  readonly text?: string
  readonly received?: number
  readonly offset?: number
  readonly attempt?: string
  readonly feed?: string
}

export interface Parsed {
  readonly line: ParsedRecord
  readonly document: string
}

let offsets = 0

export function parsed(given: GivenStory = {}): Parsed & { readonly line: Item } {
  const { id = 'a', version, received = 0, feed = 'anp-newsml', pubStatus = 'usable' } = given
  const { headline = 'Brug dicht', text = `De brug is dicht, versie ${version}.`, offset = offsets++ } = given
  const { embargo, urgency, signals, replaces } = given
  const document = toDocument(
    {
      ...(id === null ? {} : { id }),
      ...(version === undefined ? {} : { version }),
      headlines: [{ value: headline }],
      bodyText: text,
      pubStatus,
    },
    'anp',
  )
  const line: Item = {
    kind: 'item',
    supplier: 'anp',
    feed,
    ...(id === null ? { content: copied(contentIdentity(headline, text)) } : { storyKey: `anp:${id}` }),
    position: `wire.${feed}@wire1/0/${offset}#0`,
    receivedAt: at(received),
    wireSha256: hash('sha256', document),
    attempt: given.attempt ?? '0',
    lane: 'live',
    format: 'newsml12',
    ...(version === undefined ? {} : { version }),
    pubStatus,
    ...(embargo === undefined ? {} : { embargo }),
    ...(urgency === undefined ? {} : { urgency }),
    ...(signals === undefined ? {} : { signals }),
    ...(replaces === undefined ? {} : { replaces }),
    sourceHash: hash('sha256', `${headline}\n${text}\n${version}\n${pubStatus}\n${embargo}`),
    outputHash: hash('sha256', document),
  }
  return { line, document }
}

const copied = ({ hash, shingles }: { hash: string; shingles: readonly number[] }) => ({
  hash,
  shingles: [...shingles],
})

export const asCommand = (line: ParsedRecord, document = ''): Parsed => ({ line, document })

/** A record of `stories.parsed`. */
export const logRecord = (offset: number, timeMs: number, value: Buffer | null): LogRecord => ({
  topic: 'stories.parsed',
  partition: 7,
  offset,
  timeMs,
  key: Buffer.from('any'),
  value,
  headers: [],
})

/** One partition's publisher: feeds it batches, keeps its state, its changelog and all it emits. */
export function createPublisher() {
  const worker = publisherWorker({ instance: 'main' })
  const entries = new Map<string, { value: string; group: string | undefined }>()
  const emitted: AppendRecord[] = []
  const changelog: AppendRecord[] = []
  let next = 0
  return {
    worker,
    entries,
    emitted,
    changelog,
    /** Records in, one batch; a second apart unless said. */
    tell(records: readonly (Parsed | Buffer | null)[], atSeconds?: number): WorkerResult {
      const batch = records.map((record, index) => {
        const offset = next++
        const timeMs = startMs + (atSeconds ?? offset) * 1_000 + index
        if (record === null || Buffer.isBuffer(record)) return logRecord(offset, timeMs, record)
        return logRecord(offset, timeMs, encodeParsedRecord(record.line, record.document))
      })
      return this.fold(batch)
    },
    fold(records: readonly LogRecord[]): WorkerResult {
      const batch = { topic: 'stories.parsed', logId: 'parsed1', partition: 7, records }
      const needs = worker.needs(batch)
      const first = load(needs.keys, needs.groups)
      const more = load(worker.needsMore?.(batch, first) ?? [], [])
      const result = worker.fold(batch, { value: (key) => first.value(key) ?? more.value(key), group: first.group })
      for (const put of result.puts ?? []) {
        if (put.value === null) entries.delete(put.key)
        else entries.set(put.key, { value: put.value, group: put.group })
      }
      emitted.push(...result.appends)
      changelog.push(...(result.changelog ?? []))
      return result
    },
    /** `published#1 anp:a` for every record of `stories`. */
    left: () => emitted.filter(({ topic }) => topic === 'stories').map(eventLine),
    /** `published/new` for every item in the receipts. */
    said: () => outcomes(emitted).map(({ outcome, reason }) => `${outcome}/${reason}`),
  }

  /** Like a store: only what was asked for. */
  function load(keys: readonly string[], groups: readonly string[]): LoadedState {
    return {
      value: (key) => (keys.includes(key) ? entries.get(key)?.value : undefined),
      group: (name) =>
        new Map(
          groups.includes(name)
            ? [...entries].filter(([, { group }]) => group === name).map(([key, { value }]) => [key, value])
            : [],
        ),
    }
  }
}

export const outcomes = (appends: readonly AppendRecord[]) =>
  appends
    .filter(({ topic }) => topic === 'wire.receipts')
    .flatMap(({ value }) => {
      const batch = JSON.parse(String(value)) as ReceiptBatch
      return batch.writer === 'publisher' ? batch.outcomes : []
    })

export function eventOf(append: AppendRecord): Readonly<Record<string, unknown>> & { readonly data: unknown } {
  const value = append.value === null ? null : Buffer.from(append.value as string)
  return JSON.parse(structuredEvent({ headers: append.headers ?? [], value }))
}

function eventLine(append: AppendRecord): string {
  const event = eventOf(append)
  return `${String(event.type).replace('dateline.story.', '')}#${event.storyseq} ${event.subject}`
}

/** What does not follow the contracts, of all that was emitted. */
export function contractFaults(appends: readonly AppendRecord[]): readonly string[] {
  return appends.flatMap((append) => {
    const value = append.value === null ? null : Buffer.from(append.value as string).toString('utf8')
    const rejected = append.headers?.find(([name]) => name === 'dateline-rejected')?.[1]
    switch (append.topic) {
      case 'stories':
        return faults(append, validatePublishedStory(JSON.parse(value ?? 'null')), validatePublishedStory.errors)
      case 'stories.state':
        return value === null
          ? []
          : faults(append, validateChangelogRecord(JSON.parse(value)), validateChangelogRecord.errors)
      case 'stories.embargoed':
        return value === null
          ? []
          : faults(append, validateParsedRecord(JSON.parse(value.split('\n')[0] ?? '')), validateParsedRecord.errors)
      case 'wire.receipts':
        return faults(append, validateReceiptBatch(JSON.parse(value ?? 'null')), validateReceiptBatch.errors)
      case 'wire.rejected':
        return faults(append, validateRejected(JSON.parse(String(rejected))), validateRejected.errors)
      default:
        return [`unknown topic ${append.topic}`]
    }
  })
}

const faults = (append: AppendRecord, isValid: boolean, errors: unknown): string[] =>
  isValid ? [] : [`${append.topic}: ${JSON.stringify(errors)}`]
