import { validateReceiptBatch } from '@dateline/contracts'
import type { Consumption, TransientFault } from '@dateline/ports'
import { createPulse, failure, patiently, type Service, type ServiceContext, tellFault } from '@dateline/runtime'
import type { FastifyInstance } from 'fastify'
import { createAcceptor } from './accept.ts'
import type { Door } from './door.ts'
import { createDoorkeeper, openOperatorKey } from './keys.ts'
import { createReceiptIndex } from './receipt-index.ts'
import { close, createServer, listen } from './server.ts'
import { createSilenceWatch } from './silence-watch.ts'
import { createStoryWindow } from './story-window.ts'
import { watchFolder } from './watch-folder.ts'

export interface GatewayOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Where the operator key lies. */
  readonly dataDir: string
  /** All services of the process, for `/health`. */
  readonly all: () => readonly Service[]
}

export interface Gateway extends Service {
  /** Where the door is, `http://127.0.0.1:8787`; null while it is not open. */
  url(): string | null
}

/** How much of `wire.receipts` is read back at the start, in records of each partition. */
const receiptsBack = 5_000
const lookForSilenceEveryMs = 15_000

/** The door: push, watched folders, receipts, stories; and who is silent. */
export function gateway(context: ServiceContext, options: GatewayOptions): Gateway {
  const { engines, feeds, metrics, log } = context
  const { failed, fail } = failure()
  const stopping = new AbortController()
  const onFault = (fault: TransientFault): void => tellFault(context, 'gateway', fault)
  const receipts = createReceiptIndex()
  const stories = createStoryWindow(engines.log, { onFailed: fail, onFault })
  const accept = createAcceptor(engines.log)
  const pulse = createPulse()
  let server: FastifyInstance | null = null
  let address: string | null = null
  let receiptFeed: Consumption | null = null
  let folders: readonly ReturnType<typeof watchFolder>[] = []
  let looking: Promise<void> = Promise.resolve()
  let timers: readonly NodeJS.Timeout[] = []
  return {
    name: 'gateway',
    failed,
    async start() {
      timers = [setInterval(pulse.beat, 5_000).unref()]
      const silence = createSilenceWatch({
        log: engines.log,
        feeds: feeds.all(),
        settings: context.settings,
        alarms: context.alarms,
      })
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
      receiptFeed = await patiently(followReceipts, { onFault, signal: stopping.signal })
      receiptFeed.ended.catch(fail)
      server = createServer(door, { services: options.all })
      address = await listen(server, options.host, options.port)
      log.info(`The door is open at ${address}`)
      folders = feeds
        .all()
        .flatMap((feed) =>
          feed.via === 'folder' && feed.path !== undefined
            ? [watchFolder(feed, feed.path, { accept, log, metrics, maxBytes: context.settings.http.maxMessageBytes })]
            : [],
        )
      const look = (): void => {
        looking = looking.then(silence.look).catch(fail)
      }
      look()
      timers = [...timers, setInterval(look, lookForSilenceEveryMs).unref()]
    },
    async stop(deadlineMs) {
      const deadline = performance.now() + deadlineMs
      const left = (): number => Math.max(0, deadline - performance.now())
      for (const timer of timers) clearInterval(timer)
      stopping.abort()
      await Promise.all([
        ...folders.map((folder) => folder.stop(left())),
        // Half of the time is for what is in hand, the rest for the log.
        server === null ? undefined : close(server, left() / 2),
      ])
      address = null
      await Promise.all([receiptFeed?.stop(left()), stories.stop(left())])
    },
    // Open while the log is away: it answers 503 then, and stays in its load balancer.
    isReady: () => server?.server.listening ?? false,
    isLive: pulse.isLive,
    url: () => address,
  }

  function followReceipts(): Promise<Consumption> {
    return engines.log.consume({
      group: null,
      topics: ['wire.receipts'],
      startAt: async ({ topic, partition, low, high }) => {
        const start = Math.max(low, high - receiptsBack)
        const [first] = start > low ? await engines.log.read(topic, partition, start, { maxRecords: 1 }) : []
        if (first !== undefined) receipts.startBehind(first.timeMs)
        return start
      },
      maxRecords: 500,
      handle: async (batch) => {
        for (const record of batch.records) {
          const value: unknown = parse(record.value)
          if (validateReceiptBatch(value)) receipts.add(value)
        }
      },
    })
  }
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString('utf8') ?? 'null')
  } catch {
    return null
  }
}
