import { type AppendRecord, type Engines, partitionOf } from '@dateline/ports'
import {
  createAlarms,
  createMetrics,
  createRejectWatch,
  openFeeds,
  readSettings,
  type ServiceContext,
  silentLogger,
  storyPartitions,
} from '@dateline/runtime'
import { type PublishedEvent, publishedEvent } from '../subscription.ts'

export async function contextOf(engines: Engines, config: string): Promise<ServiceContext> {
  const result = readSettings(config, {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  const feeds = await openFeeds(result.settings, engines.log)
  const rejects = createRejectWatch(alarms, () => 1)
  return { settings: result.settings, engines, feeds, log: silentLogger, metrics, alarms, rejects }
}

/** Engines of a process that dies: from then on nothing it asks for happens, and nothing answers. */
export function mortal(engines: Engines): { readonly engines: Engines; die(): void } {
  let isDead = false
  const never = new Promise<never>(() => {})
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(of, name, self) {
        const value: unknown = Reflect.get(of, name, self)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => (isDead ? never : (value as (...args: unknown[]) => unknown).apply(of, given))
      },
    })
  return {
    die() {
      isDead = true
    },
    engines: {
      ...engines,
      jobs: wrap(engines.jobs),
      log: {
        ...wrap(engines.log),
        append: (records) => (isDead ? never : engines.log.append(records)),
        read: (...given) => (isDead ? never : engines.log.read(...given)),
        offsets: (...given) => (isDead ? never : engines.log.offsets(...given)),
        consume: (options) =>
          engines.log.consume({
            ...options,
            handle: (batch) =>
              isDead
                ? never
                : options.handle({
                    ...batch,
                    commit: (next) => (isDead ? never : batch.commit(next)),
                  }),
          }),
      },
    },
  }
}

export interface StoryEventInput {
  readonly key: string
  readonly seq?: number
  readonly type?: 'published' | 'updated' | 'killed' | 'withheld' | 'restored'
  readonly document?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly partition?: number
}

/** An event as the publisher appends it. */
export function storyRecord(story: StoryEventInput): AppendRecord {
  const { key, seq = 1, type = 'published', document = {}, headers = {} } = story
  const supplier = key.split(':')[0] ?? ''
  const attributes = {
    ce_specversion: '1.0',
    ce_id: `evt_${key}_${seq}`,
    ce_source: `/dateline/main/${supplier}`,
    ce_type: `dateline.story.${type}`,
    ce_subject: key,
    ce_time: new Date().toISOString(),
    ce_storyseq: String(seq),
    ce_supplier: supplier,
    ce_feed: `${supplier}-newsml`,
    'content-type': 'application/json',
    ...headers,
  }
  return {
    topic: 'stories',
    partition: story.partition ?? partitionOf(key, storyPartitions),
    key,
    value: JSON.stringify({ uri: `urn:x:${key}`, pubStatus: 'usable', ...document }),
    headers: Object.entries(attributes),
  }
}

/** The same event as the dispatcher reads it. */
export function storyEvent(story: StoryEventInput): PublishedEvent {
  const record = storyRecord(story)
  const found = publishedEvent({
    ...record,
    partition: 0,
    offset: 0,
    timeMs: 0,
    key: Buffer.from(String(record.key)),
    value: Buffer.from(String(record.value)),
    headers: (record.headers ?? []).map(([name, value]) => [name, Buffer.from(value)] as const),
  })
  if (found === null) throw new Error('no event')
  return found
}
