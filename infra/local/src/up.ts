import type { Engine } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { kafkaEngines } from './kafka.ts'
import { coordinatorAnswers, liveBrokers } from './kafka-wire.ts'
import { launchEngine, waitUntilReady } from './launch.ts'
import { withLock } from './lock.ts'
import { signalProcess, stateOf, waitUntil } from './processes.ts'
import { engineFolder, readRecord, runLock } from './records.ts'
import { redisEngines } from './redis.ts'
import { s3Engine } from './s3.ts'
import { type EngineSettings, type EnginesOptions, resolveSettings } from './settings.ts'
import { type EnginesStatus, enginesStatus } from './status.ts'

/**
 * Starts what does not run yet, all at once, and resolves when each engine answers. Engines that
 * started stay up when another fails; the EngineError then names each that failed and why.
 */
export async function enginesUp(options: EnginesOptions = {}): Promise<EnginesStatus> {
  const settings = resolveSettings(options)
  const { dir, onProgress } = settings
  const start = async (): Promise<void> => {
    const kafka = settings.only.includes('kafka') ? kafkaEngines(settings) : []
    const s3 = settings.only.includes('s3') ? [s3Engine(settings)] : []
    const redis = settings.only.includes('redis') ? redisEngines(settings) : []
    await all([startAll(settings, kafka).then(() => waitForCluster(kafka)), startAll(settings, [...s3, ...redis])])
  }
  await withLock(runLock(dir), start, (pid) => onProgress(`waiting for process ${pid}, which starts or stops engines`))
  return enginesStatus({ dir })
}

function startAll(settings: EngineSettings, engines: readonly Engine[]): Promise<void> {
  return all(engines.map((engine) => ensureRunning(settings, engine)))
}

async function ensureRunning({ dir, onProgress }: EngineSettings, engine: Engine): Promise<void> {
  const began = performance.now()
  const known = readRecord(dir, engine.name)
  if (known && stateOf(known.process) !== 'gone') {
    if (known.shape !== engine.shape)
      throw new EngineError(
        `${engine.name} already runs with ${known.shape}, not with ${engine.shape}: take the engines down first.`,
      )
    signalProcess(known.process, 'SIGCONT')
    await waitUntilReady(dir, known)
    onProgress(`${engine.name}: already running (pid ${known.process.pid})`)
    return
  }
  const launch = await engine.prepare(engineFolder(dir, engine.name))
  const record = await launchEngine(dir, engine, launch)
  await waitUntilReady(dir, record)
  onProgress(
    `${engine.name}: ready after ${((performance.now() - began) / 1000).toFixed(1)} s (pid ${record.process.pid})`,
  )
}

/** A broker counts as ready alone; groups work only when all know each other and the offsets topic exists. */
async function waitForCluster(brokers: readonly Engine[]): Promise<void> {
  const isFormed = await waitUntil(async () => {
    const seen = await Promise.all(brokers.map(({ port }) => liveBrokers(port)))
    return seen.every((ids) => ids?.length === brokers.length)
  }, 30_000)
  if (!isFormed)
    throw new EngineError('The Kafka brokers run but did not find each other within 30 seconds: look at their logs.')
  const first = brokers[0]
  const hasCoordinator = !first || (await waitUntil(() => coordinatorAnswers(first.port, 'dateline-engines'), 30_000))
  if (!hasCoordinator)
    throw new EngineError('Kafka runs but did not make its offsets topic within 30 seconds: look at its log.')
}

/** Lets all finish, then throws what failed as one error. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(works)).flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  )
  const bug = failures.find((failure) => !(failure instanceof EngineError))
  if (bug) throw bug
  const messages = [...new Set(failures.map((failure) => (failure as EngineError).message))]
  if (messages.length > 0) throw new EngineError(messages.join('\n'))
}
