import { openKafkaEventLog, parseKafkaUrl } from '@dateline/kafka'
import type { Archive, EventLog } from '@dateline/ports'
import { createAlarms, createMetrics, openFeeds, readSettings, type Service, silentLogger } from '@dateline/runtime'
import { openS3Archive } from '@dateline/s3'
import { archiver } from '../archiver.ts'

export interface RealPlace {
  /** `host:port`, or a kafka:// URL. */
  readonly kafka: string
  readonly endpoint: string
  /** Names everything of one run of the tests. */
  readonly run: string
  readonly feed: string
}

export async function openRealLog({ kafka, run }: RealPlace): Promise<EventLog> {
  const parsed = parseKafkaUrl(kafka.includes('://') ? kafka : `kafka://${kafka}`)
  if (!parsed.ok) throw new Error(parsed.problem)
  const log = await openKafkaEventLog(parsed.options)
  // A group of its own, so that other runs on the same Kafka are left in peace.
  return {
    ...log,
    consume: (options) => log.consume({ ...options, group: options.group && `${options.group}-${run}` }),
  }
}

export const openRealArchive = ({ endpoint, run }: RealPlace): Promise<Archive> =>
  openS3Archive({
    bucket: 'wire-archive',
    prefix: `archiver-${run}`,
    endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'dateline', secretAccessKey: 'dateline-local' },
  })

export async function feedsOf({ feed }: RealPlace, log: EventLog) {
  const result = readSettings(
    `suppliers: { t: {} }\nfeeds: { ${feed}: { supplier: t, partitions: 3 } }\narchive: { flushAfter: 200ms, flushBytes: 60000 }\nconsumers: { sessionTimeout: 6s }\n`,
    {},
  )
  if (result.kind === 'faults') throw new Error(result.faults.join())
  return { settings: result.settings, feeds: await openFeeds(result.settings, log) }
}

export async function archiverOn(place: RealPlace, log: EventLog, archive: Archive): Promise<Service> {
  const { settings, feeds } = await feedsOf(place, log)
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  return archiver({ settings, engines: { log, archive }, feeds, log: silentLogger, metrics, alarms })
}
