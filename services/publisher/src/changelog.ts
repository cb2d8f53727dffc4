import type { ChangelogRecord } from '@dateline/contracts'
import { type AppendRecord, headerText, type LogRecord, type StatePut } from '@dateline/ports'
import { keptForMs, windowMs } from '@dateline/story'
import type { Change } from './memory.ts'
import { captureKey, windowName, windowOfKey } from './window-name.ts'

export const changelogTopic = 'stories.state'

/** The store forgets later than the rules do: its clock is not the log's, and a backlog may be a week old. */
const slackMs = 30 * 86_400_000
const inputHeader = 'dateline-input'
const logIdHeader = 'dateline-log-id'

export interface ChangelogPlace {
  readonly partition: number
  readonly logId: string
  /** Offset of the record in `stories.parsed` whose effects are all there once this one is. */
  readonly input: number
}

/** A change as a record of the changelog and as an entry of the store. */
export function changeEffects(
  change: Change,
  { partition, logId, input }: ChangelogPlace,
): { readonly record: AppendRecord; readonly put: StatePut } {
  const at = { topic: changelogTopic, partition }
  const from = `{"input":${input},"logId":${JSON.stringify(logId)}`
  if (change.kind === 'story') {
    const value = JSON.stringify(change.state)
    return {
      record: { ...at, key: change.key, value: `${from},"state":${value}}` },
      put: { key: change.key, value, expiresAtMs: Date.parse(change.state.lastEventAt) + keptForMs + slackMs },
    }
  }
  const key = captureKey(change.feed, change.storyKey)
  const entry = { key, group: windowName(change.feed) }
  if (change.capture === null) {
    const headers = [
      [inputHeader, String(input)],
      [logIdHeader, logId],
    ] as const
    return { record: { ...at, key, value: null, headers }, put: { ...entry, value: null } }
  }
  const value = JSON.stringify(change.capture)
  return {
    record: { ...at, key, value: `${from},"capture":${value}}` },
    put: { ...entry, value, expiresAtMs: Date.parse(change.capture.receivedAt) + windowMs + slackMs },
  }
}

/** An entry of the store again; null for a record that is none of ours. */
export function restoreChange(
  record: LogRecord,
): { readonly input: number; readonly logId: string; readonly put: StatePut } | null {
  const key = record.key?.toString('utf8')
  if (key === undefined) return null
  if (record.value === null) return restoreTombstone(key, record)
  const change = parse(record.value)
  if (change === null || typeof change.input !== 'number' || typeof change.logId !== 'string') return null
  const { input, logId } = change
  if ('state' in change) {
    const expiresAtMs = Date.parse(change.state.lastEventAt) + keptForMs + slackMs
    return { input, logId, put: { key, value: JSON.stringify(change.state), expiresAtMs } }
  }
  const group = windowOfKey(key)
  if (group === undefined || !('capture' in change)) return null
  const expiresAtMs = Date.parse(change.capture.receivedAt) + windowMs + slackMs
  return { input, logId, put: { key, group, value: JSON.stringify(change.capture), expiresAtMs } }
}

function restoreTombstone(key: string, record: LogRecord) {
  const input = Number(headerText(record, inputHeader) ?? Number.NaN)
  const logId = headerText(record, logIdHeader)
  const group = windowOfKey(key)
  if (Number.isNaN(input) || logId === undefined || group === undefined) return null
  return { input, logId, put: { key, group, value: null } }
}

function parse(value: Buffer): ChangelogRecord | null {
  try {
    return JSON.parse(value.toString('utf8')) as ChangelogRecord | null
  } catch {
    return null
  }
}
