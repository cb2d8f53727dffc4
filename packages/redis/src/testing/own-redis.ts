import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@dateline/ports/contracts'
import { Redis } from 'ioredis'

export interface OwnRedis {
  readonly port: number
  /** Stands still without closing its connections; `thaw` lets it go on. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
  /** Ends it without its knowing. */
  kill(): Promise<void>
  start(): Promise<void>
  /** A command past the adapter. */
  command(...parts: readonly [string, ...string[]]): Promise<unknown>
  dispose(): Promise<void>
}

/** A redis-server of the test's own, which may be stopped, frozen and set wrongly. */
export async function startOwnRedis(settings: readonly string[] = []): Promise<OwnRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-redis-'))
  const port = await freePort()
  let server: ChildProcess | null = null
  const own: OwnRedis = {
    port,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async start() {
      const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--appendonly', 'yes', '--save', '']
      server = spawn('redis-server', [...fixed, ...settings], { stdio: 'ignore' })
      await until('redis answers', () =>
        own.command('PING').then(
          () => true,
          () => false,
        ),
      )
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async command(...[name, ...rest]) {
      const redis = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null })
      redis.on('error', () => {})
      await redis.connect()
      try {
        return await redis.call(name, ...rest)
      } finally {
        redis.disconnect()
      }
    },
    async dispose() {
      server?.kill('SIGCONT')
      await own.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
  await own.start()
  return own

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = server
    server = null
    if (ending === null) return
    const exited = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await exited
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise<void>((resolve) => probe.close(() => resolve()))
  return port
}
