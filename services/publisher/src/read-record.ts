import { faultOf, type ParsedRecord, type RejectReason, validateParsedRecord } from '@dateline/contracts'
import type { LogRecord } from '@dateline/ports'
import { decodeParsedRecord } from '@dateline/story'

/** A record of `stories.parsed`, read once. */
export type ReadRecord =
  | { readonly kind: 'parsed'; readonly line: ParsedRecord; readonly document: string }
  | { readonly kind: 'unreadable'; readonly reason: RejectReason; readonly detail: string; readonly line: unknown }

/** Validated where it enters: whoever wrote it. */
export function readRecord({ value }: LogRecord): ReadRecord {
  if (value === null) return { kind: 'unreadable', reason: 'empty', detail: 'a record without a value', line: null }
  const decoded = decodeParsedRecord(value)
  if (decoded === null)
    return { kind: 'unreadable', reason: 'malformed', detail: 'not a line of JSON and a document', line: null }
  const { line, document } = decoded
  if (validateParsedRecord(line)) return { kind: 'parsed', line, document }
  return { kind: 'unreadable', reason: 'invalid', detail: faultOf(validateParsedRecord), line }
}
