import { headerText, type LogRecord } from '@dateline/ports'
import { durationMs, type Settings } from '@dateline/runtime'

export interface Subscription {
  readonly name: string
  readonly url: string
  readonly secret?: string
  readonly where: NonNullable<Settings['subscriptions'][string]['where']>
  readonly allowPrivate: boolean
  readonly reprocessed: boolean
  readonly active: boolean
  readonly timeoutMs: number
}

export function subscriptionsOf(settings: Settings): readonly Subscription[] {
  return Object.entries(settings.subscriptions).map(([name, given]) => ({
    name,
    url: given.url,
    ...(given.secret === undefined ? {} : { secret: given.secret }),
    where: given.where ?? {},
    allowPrivate: given.allowPrivate,
    reprocessed: given.reprocessed,
    active: given.active,
    timeoutMs: durationMs(given.timeout ?? '15s'),
  }))
}

/** What filters look at; the document is parsed only when one asks for it. */
export interface PublishedEvent {
  readonly id: string
  readonly type: string
  readonly storyKey: string
  readonly storySeq: number
  readonly supplier: string
  readonly feed: string
  readonly change: string
  readonly urgency: number | null
  readonly record: LogRecord
}

/** null for a record that is no story event. */
export function publishedEvent(record: LogRecord): PublishedEvent | null {
  const header = (name: string): string | undefined => headerText(record, name)
  const id = header('ce_id')
  const type = header('ce_type')
  const storySeq = Number(header('ce_storyseq'))
  if (id === undefined || type === undefined || record.key === null || !(storySeq > 0)) return null
  const urgency = header('ce_urgency')
  return {
    id,
    type,
    storyKey: record.key.toString('utf8'),
    storySeq,
    supplier: header('ce_supplier') ?? '',
    feed: header('ce_feed') ?? '',
    change: header('ce_change') ?? '',
    urgency: urgency === undefined ? null : Number(urgency),
    record,
  }
}

const recalls = new Set(['dateline.story.killed', 'dateline.story.withheld'])

/** A kill or withhold: goes before everything else, to everyone. */
export const isRecall = (event: PublishedEvent): boolean => recalls.has(event.type)

/** Whether a subscription gets an event. A kill or withhold goes to every subscription there is, filters or not, active or ended. */
export function wants(subscription: Subscription, event: PublishedEvent): boolean {
  if (isRecall(event)) return true
  if (!subscription.active) return false
  if (!subscription.reprocessed && event.change === 'reprocessed') return false
  const { suppliers, feeds, language, subjects, maxUrgency } = subscription.where
  if (suppliers !== undefined && !suppliers.includes(event.supplier)) return false
  if (feeds !== undefined && !feeds.includes(event.feed)) return false
  if (maxUrgency !== undefined && (event.urgency === null || event.urgency > maxUrgency)) return false
  if (language === undefined && subjects === undefined) return true
  const document = documentOf(event.record)
  if (language !== undefined && document.language?.split('-')[0] !== language.split('-')[0]) return false
  return (
    subjects === undefined ||
    (document.subjects ?? []).some((subject) =>
      [subject.uri, subject.literal, subject.name].some(
        (code) => code !== undefined && subjects.some((wanted) => isCode(code, wanted)),
      ),
    )
  )
}

/** `medtop:20000587` also means its URI, http://cv.iptc.org/newscodes/mediatopic/20000587. */
function isCode(code: string, wanted: string): boolean {
  if (code === wanted) return true
  return (
    wanted.startsWith('medtop:') && code === `http://cv.iptc.org/newscodes/mediatopic/${wanted.slice('medtop:'.length)}`
  )
}

interface FilteredDocument {
  readonly language?: string
  readonly subjects?: readonly { readonly uri?: string; readonly literal?: string; readonly name?: string }[]
}

function documentOf(record: LogRecord): FilteredDocument {
  try {
    return JSON.parse(record.value?.toString('utf8') ?? '{}') as FilteredDocument
  } catch {
    return {}
  }
}
