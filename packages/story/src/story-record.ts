import type { DeskKill, Item } from '@dateline/contracts'
import { completeDocument } from './complete-document.ts'
import type { DecidedEvent } from './decide/decision.ts'
import { killDocument } from './document.ts'
import { receiptId } from './receipt-id.ts'
import { storyUri } from './story-uri.ts'

/** `$id` of schemas/story.schema.json. */
const dataSchema = 'https://dateline.example/schemas/v1/story.schema.json'

type Header = readonly [name: string, value: string]

/** A record on its way into `stories`. */
interface StoryRecord {
  readonly topic: 'stories'
  readonly partition: number
  readonly key: string
  readonly value: string
  readonly headers: readonly Header[]
}

export interface StoryRecordInput {
  readonly instance: string
  readonly partition: number
  readonly storyKey: string
  readonly event: DecidedEvent
  /** RFC 3339: log time of the record that was decided. */
  readonly time: string
  readonly from: Item | DeskKill
  readonly document: string
}

/** A record of `stories`: the completed ninjs document, with a CloudEvents 1.0 envelope in headers (Kafka binding, binary mode). */
export function storyRecord(input: StoryRecordInput): StoryRecord {
  const { partition, storyKey } = input
  return { topic: 'stories', partition, key: storyKey, value: documentOf(input), headers: headersOf(input) }
}

function documentOf({ event, from, storyKey, document }: StoryRecordInput): string {
  const { supplier } = from
  const uri = storyUri(supplier, storyKey.startsWith(`${supplier}:`) ? storyKey.slice(supplier.length + 1) : storyKey)
  const altIds = [
    { role: 'dateline:storykey', value: storyKey },
    { role: 'dateline:storyseq', value: String(event.seq) },
    { role: 'dateline:revision', value: String(event.revision) },
  ]
  if (from.kind === 'item') altIds.push({ role: 'dateline:receipt', value: receiptId(messageOf(from.position)) })
  if (event.document === 'item') return completeDocument(document, { uri, altIds })
  const notice = killDocument({
    uri,
    pubStatus: event.kind === 'withheld' ? 'withheld' : 'canceled',
    ...(event.version === undefined ? {} : { version: event.version }),
    ...(event.document === 'notice' && from.kind === 'kill' ? { edNote: from.reason } : {}),
  })
  return completeDocument(notice, { altIds })
}

const messageOf = (itemPosition: string): string => itemPosition.slice(0, itemPosition.lastIndexOf('#'))

function headersOf({ instance, storyKey, event, time, from }: StoryRecordInput): Header[] {
  const headers: Header[] = [
    ['ce_specversion', '1.0'],
    ['ce_id', event.id],
    ['ce_source', `/dateline/${instance}/${encodeURIComponent(from.supplier)}`],
    ['ce_type', `dateline.story.${event.kind}`],
    ['ce_subject', storyKey],
    ['ce_time', time],
    ['ce_dataschema', dataSchema],
    ['content-type', 'application/json'],
    ['ce_storyseq', String(event.seq)],
    ['ce_revision', String(event.revision)],
    ['ce_change', event.change],
    ['ce_supplier', from.supplier],
  ]
  if (event.version !== undefined && event.version !== '') headers.push(['ce_storyversion', event.version])
  if (from.kind === 'item') pushItem(headers, from, event.document === 'bare')
  else headers.push(['ce_lane', 'live'])
  return headers
}

function pushItem(headers: Header[], item: Item, isBare: boolean): void {
  headers.push(
    ['ce_feed', item.feed],
    ['ce_receivedat', item.receivedAt],
    ['ce_lane', item.lane],
    ['ce_position', item.position],
    ['ce_wiresha256', item.wireSha256],
  )
  if (item.replayId !== undefined) headers.push(['ce_replayid', item.replayId])
  if (item.traceparent !== undefined) headers.push(['ce_traceparent', item.traceparent])
  if (isBare) return
  if (item.urgency !== undefined) headers.push(['ce_urgency', String(item.urgency)])
  if (item.signals !== undefined) headers.push(['ce_signals', item.signals.map(withoutSpace).join(' ')])
  if (item.replaces !== undefined) headers.push(['ce_replaces', JSON.stringify(item.replaces)])
}

/** A space parts signals. */
const withoutSpace = (signal: string): string => (signal.includes(' ') ? signal.replaceAll(' ', '%20') : signal)
