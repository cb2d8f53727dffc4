import { type EngineName, nodeIdOf } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { liveBrokers } from './kafka-wire.ts'
import { launchEngine, waitUntilReady } from './launch.ts'
import { signalProcess, stateOf, waitUntil } from './processes.ts'
import { type EngineRecord, readRecord, readRecords } from './records.ts'
import { type EnginesOptions, resolveSettings } from './settings.ts'

/** How an engine goes away: in order, at once, or silent with its connections open. */
export type StopSignal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP'

type Where = Pick<EnginesOptions, 'dir'>

/** Resolves when the process is gone, or paused for SIGSTOP; an engine that is gone already stays so. */
export async function stopEngine(name: EngineName, signal: StopSignal = 'SIGTERM', where: Where = {}): Promise<void> {
  const record = recordOf(name, resolveSettings(where).dir)
  const isDone = (): boolean =>
    stateOf(record.process) === 'gone' || (signal === 'SIGSTOP' && stateOf(record.process) === 'paused')
  signalProcess(record.process, signal)
  if (!(await waitUntil(isDone, 60_000, 10)))
    throw new EngineError(
      `${name} (pid ${record.process.pid}) did not heed ${signal} within a minute: kill it with SIGKILL.`,
    )
}

/** Starts a stopped engine as it was, or lets a paused one go on; resolves when it answers and a broker's peers count it in. */
export async function startEngine(name: EngineName, where: Where = {}): Promise<void> {
  const { dir } = resolveSettings(where)
  const record = recordOf(name, dir)
  const isThere = signalProcess(record.process, 'SIGCONT')
  await waitUntilReady(dir, isThere ? record : await launchEngine(dir, record, record.launch))
  if (record.kind === 'kafka' && !(await waitUntil(() => doPeersCountIn(dir, name), 30_000)))
    throw new EngineError(
      `${name} answers, but after 30 seconds the other brokers still leave it out: look at its log.`,
    )
}

/** A broker that wakes from a long pause still believes itself alive, while its peers have long fenced it. */
async function doPeersCountIn(dir: string, name: EngineName): Promise<boolean> {
  const peers = readRecords(dir).filter((record) => record.kind === 'kafka' && stateOf(record.process) === 'running')
  const views = await Promise.all(peers.map(({ port }) => liveBrokers(port)))
  return views.every((ids) => ids === undefined || ids.includes(nodeIdOf(name)))
}

function recordOf(name: EngineName, dir: string): EngineRecord {
  const record = readRecord(dir, name)
  if (!record) throw new EngineError(`${name} was never started in ${dir}: bring the engines up first.`)
  return record
}
