import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@dateline/cli'
import { type Client, connect } from '@dateline/client'
import { type Family, type Installation, install } from './families.ts'
import { startWorker, stopWorkers, type Worker } from './processes.ts'

export interface Running {
  readonly installation: Installation
  readonly url: string
  client(): Client
  /** Processes by name: embedded one called `all`; real one per service. */
  readonly workers: Map<string, Worker>
  start(name: string): Promise<void>
  kill(name: string, signal?: NodeJS.Signals): Promise<void>
  /** Pushes a message and answers with the outcomes of its items, `outcome/reason`. */
  push(feed: string, bytes: Uint8Array, contentType?: string): Promise<readonly string[]>
  stop(): Promise<void>
}

const sets = {
  embedded: { all: ['gateway', 'normalizer', 'publisher', 'archiver', 'dispatcher'] },
  real: {
    gateway: ['gateway'],
    normalizer: ['normalizer'],
    publisher: ['publisher'],
    archiver: ['archiver'],
    dispatcher: ['dispatcher'],
  },
} as const

/** A whole instance in processes of its own, on either family. */
export async function runInstance(
  family: Family,
  settings = 'suppliers: { sim: {} }\nfeeds: { sim-xml: { supplier: sim }, sim-json: { supplier: sim } }\n',
): Promise<Running> {
  const installation = await install(family, settings)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const services: Readonly<Record<string, readonly string[]>> = sets[family.name]
  const workers = new Map<string, Worker>()
  let key = ''
  const client = (): Client => connect({ url, key })
  const start = async (name: string): Promise<void> => {
    const named = services[name]
    if (named === undefined) throw new Error(`There is no process ${name}`)
    const worker = startWorker({
      config: installation.config,
      dataDir: installation.dataDir,
      services: named,
      port: named.includes('gateway') ? port : 0,
    })
    workers.set(name, worker)
    await worker.started
  }
  await Promise.all(Object.keys(services).map(start))
  key = (await readFile(join(installation.dataDir, 'operator.key'), 'utf8')).trim()
  return {
    installation,
    url,
    client,
    workers,
    start,
    async kill(name, signal = 'SIGKILL') {
      const worker = workers.get(name)
      worker?.signal(signal)
      if (signal !== 'SIGSTOP') await worker?.ended
    },
    async push(feed, bytes, contentType) {
      const { receipt } = await client().push(feed, bytes, contentType === undefined ? {} : { contentType })
      const settled = await client().waitForOutcomes(receipt, 40_000)
      if (settled.state !== 'settled')
        throw new Error(
          `The receipt of a message to ${feed} did not settle: ${JSON.stringify(settled)}\n${[...workers.values()].map((worker) => worker.output().slice(-1_500)).join('\n')}`,
        )
      return settled.outcomes.map(({ outcome, reason }) => `${outcome}/${reason}`)
    },
    async stop() {
      await stopWorkers(workers.values())
      await installation.remove()
    },
  }
}

/** Waits on a condition. */
export async function eventually<T>(
  look: () => Promise<T>,
  isRight: (value: T) => boolean,
  limitMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const value = await look()
    if (isRight(value) || performance.now() > deadline) return value
    await sleep(100)
  }
}
