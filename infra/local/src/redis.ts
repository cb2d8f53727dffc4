import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { findProgram, requireProgram, runProgram } from './programs.ts'
import { type EngineSettings, host } from './settings.ts'

/** Two instances, as in production: state and jobs are never one Redis. */
export function redisEngines(settings: EngineSettings): readonly Engine[] {
  let installing: Promise<string> | undefined
  const program = (): Promise<string> => (installing ??= findOrInstallRedis(settings.onProgress))
  return [
    redisEngine('redis-state', settings.ports.redisState, program),
    redisEngine('redis-jobs', settings.ports.redisJobs, program),
  ]
}

/** Never evicts, and loses at most a second of writes: what start-up of the services asks for. */
export function redisArguments(port: number, dataDir: string): readonly string[] {
  return [
    ...['--bind', host],
    ...['--port', String(port)],
    ...['--dir', dataDir],
    ...['--appendonly', 'yes'],
    ...['--appendfsync', 'everysec'],
    ...['--maxmemory-policy', 'noeviction'],
    ...['--save', ''],
    ...['--daemonize', 'no'],
  ]
}

function redisEngine(name: 'redis-state' | 'redis-jobs', port: number, program: () => Promise<string>): Engine {
  return {
    name,
    kind: 'redis',
    port,
    listens: [port],
    url: `redis://${host}:${port}`,
    shape: `port ${port}`,
    prepare: async function prepareRedis(folder) {
      const command = await program()
      const dataDir = join(folder, 'data')
      mkdirSync(dataDir, { recursive: true })
      return { command, args: redisArguments(port, dataDir), env: {} }
    },
  }
}

async function findOrInstallRedis(onProgress: (text: string) => void): Promise<string> {
  const found = findProgram('redis-server')
  if (found) return found
  const advice = "install it with 'apt-get install redis-server' (or 'brew install redis')"
  if (process.getuid?.() !== 0 || !findProgram('apt-get'))
    throw new EngineError(`redis-server was not found on the PATH: ${advice}.`)
  onProgress('redis: installing redis-server with apt-get (once)')
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } // run level 1: the package's own service is not started
  await runProgram('apt-get', ['update', '-qq'], { purpose: "refresh Debian's package lists", env })
  await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], {
    purpose: 'install redis-server',
    env,
  })
  return requireProgram('redis-server', advice)
}
