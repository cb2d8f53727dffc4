import { validateReceiptBatch } from '@dateline/contracts'
import type { Consumption } from '@dateline/ports'
import { createPulse, failure, type Service, type ServiceContext } from '@dateline/runtime'
import type { FastifyInstance } from 'fastify'
import { createAcceptor } from './accept.ts'
import type { Door } from './door.ts'
import { createDoorkeeper, openOperatorKey } from './keys.ts'
import { createReceiptIndex } from './receipt-index.ts'
import { createServer, listen } from './server.ts'
import { createStoryWindow } from './story-window.ts'
import { watchFolder } from './watch-folder.ts'

export interface GatewayOptions {
  readonly host: string
  readonly port: number
  /** Where the operator key lies. */
  readonly dataDir: string
  /** All services of the process, for `/health`. */
  readonly all: () => readonly Service[]
}

/** How much of `wire.receipts` is read back at the start, in records of each partition. */
const receiptsBack = 5_000

/** The door: push, watched folders, receipts, stories. */
export function gateway(context: ServiceContext, options: GatewayOptions): Service {
  const { engines, feeds, metrics, log } = context
  const { failed, fail } = failure()
  const stopping = new AbortController()
  const receipts = createReceiptIndex()
  const stories = createStoryWindow(engines.log, { onFailed: fail })
  const accept = createAcceptor(engines.log)
  const pulse = createPulse()
  let server: FastifyInstance | null = null
  let receiptFeed: Consumption | null = null
  let folders: readonly { stop(): Promise<void> }[] = []
  const beating = setInterval(pulse.beat, 5_000).unref()
  return {
    name: 'gateway',
    failed,
    async start() {
      const door: Door = {
        context,
        feeds,
        metrics,
        accept,
        receipts,
        stories,
        callerOf: createDoorkeeper([...context.settings.keys, openOperatorKey(options.dataDir)]),
        stopping: stopping.signal,
      }
      await stories.start()
      receiptFeed = await followReceipts()
      server = createServer(door, options.all)
      const address = await listen(server, options.host, options.port)
      log.info(`The door is open at ${address}`)
      folders = feeds
        .all()
        .flatMap((feed) =>
          feed.via === 'folder' && feed.path !== undefined
            ? [watchFolder(feed, feed.path, { accept, log, metrics, maxBytes: context.settings.http.maxMessageBytes })]
            : [],
        )
    },
    async stop(deadlineMs) {
      stopping.abort()
      clearInterval(beating)
      await Promise.all(folders.map((folder) => folder.stop()))
      await server?.close()
      await Promise.all([receiptFeed?.stop(deadlineMs), stories.stop(deadlineMs)])
    },
    // Open while the log is away: it answers 503 then, and stays in its load balancer.
    isReady: () => server?.server.listening ?? false,
    isLive: pulse.isLive,
  }

  async function followReceipts(): Promise<Consumption> {
    const consumption = await engines.log.consume({
      group: null,
      topics: ['wire.receipts'],
      startAt: async ({ low, high }) => Math.max(low, high - receiptsBack),
      maxRecords: 500,
      handle: async (batch) => {
        for (const record of batch.records) {
          const value: unknown = parse(record.value)
          if (validateReceiptBatch(value)) receipts.add(value)
        }
      },
    })
    consumption.ended.catch(fail)
    return consumption
  }
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null')
  } catch {
    return null
  }
}
