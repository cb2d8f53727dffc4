import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { createAlarms } from '../alarms.ts'
import { openFeeds } from '../feeds.ts'
import { silentLogger } from '../logger.ts'
import { createMetrics } from '../metrics.ts'
import { createRejectWatch } from '../reject-watch.ts'
import type { ServiceContext } from '../service.ts'
import { readSettings } from '../settings.ts'
import { applyTopics } from '../topics.ts'

export interface TestContext extends ServiceContext {
  remove(): Promise<void>
}

/** A context on embedded engines in a temporary directory, with the topics of two feeds. `apart`: effects are applied one after the other, as on Kafka and Redis. */
export async function testContext(
  options: { readonly apart?: boolean; readonly wrap?: (engines: Engines) => Engines } = {},
): Promise<TestContext> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-runtime-'))
  const opened = await openEmbedded({ dir })
  const { applyAtOnce: _applyAtOnce, ...apart } = opened
  const engines = (options.wrap ?? ((given) => given))(options.apart === true ? apart : opened)
  const result = readSettings('suppliers: { a: {} }\nfeeds: { a-one: { supplier: a }, a-two: { supplier: a } }', {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const metrics = createMetrics()
  const alarms = createAlarms(silentLogger, metrics)
  const feeds = await openFeeds(result.settings, engines.log)
  await applyTopics(engines.log, feeds.all())
  return {
    settings: result.settings,
    engines,
    feeds,
    log: silentLogger,
    metrics,
    alarms,
    rejects: createRejectWatch(alarms, () => 0.2),
    async remove() {
      await opened.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
