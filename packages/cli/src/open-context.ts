import type { Engines } from '@dateline/ports'
import {
  createAlarms,
  createLogger,
  createMetrics,
  createRejectWatch,
  type Logger,
  openFeeds,
  type ServiceContext,
  type Settings,
} from '@dateline/runtime'
import { openEngines } from './open-engines.ts'

/** Opens the engines and what every service is made from. The caller closes `engines`. */
export async function openContext(
  settings: Settings,
  options: { readonly dataDir: string; readonly log?: Logger },
): Promise<ServiceContext> {
  const log = options.log ?? createLogger({ level: settings.log.level, format: process.stderr.isTTY ? 'text' : 'json' })
  const engines: Engines = await openEngines(settings, { dataDir: options.dataDir, log })
  const metrics = createMetrics()
  const alarms = createAlarms(log, metrics)
  const feeds = await openFeeds(settings, engines.log)
  const rejects = createRejectWatch(alarms, (feed) => feeds.get(feed)?.rejectAlarm ?? 0.2)
  return { settings, engines, feeds, log, metrics, alarms, rejects }
}
