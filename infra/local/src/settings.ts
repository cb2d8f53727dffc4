import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export type EngineKind = 'kafka' | 's3' | 'redis'

/** `kafka` is the first broker's port: the others follow it, and controllers listen 100 above their broker. */
export type EnginePorts = {
  readonly kafka: number
  readonly s3: number
  readonly redisState: number
  readonly redisJobs: number
}

export type EnginesOptions = {
  /** Where data, logs and records are kept; default `.dateline-engines` at the root of the repository. */
  readonly dir?: string | undefined
  /** Where downloaded and built programs are kept; default DATELINE_ENGINES_CACHE, else the user's cache folder. */
  readonly cacheDir?: string | undefined
  /** Default 1. Three brokers keep data of their own and are set to notice a lost broker in seconds. */
  readonly brokers?: 1 | 3 | undefined
  /** Default all kinds. */
  readonly only?: readonly EngineKind[] | undefined
  readonly ports?: Partial<EnginePorts> | undefined
  readonly onProgress?: ((text: string) => void) | undefined
}

export type EngineSettings = {
  readonly dir: string
  readonly cacheDir: string
  readonly brokers: 1 | 3
  readonly only: readonly EngineKind[]
  readonly ports: EnginePorts
  readonly onProgress: (text: string) => void
}

export const host = '127.0.0.1'
export const engineKinds: readonly EngineKind[] = ['kafka', 's3', 'redis']
const defaultPorts: EnginePorts = { kafka: 19092, s3: 19000, redisState: 16379, redisJobs: 16380 }

/** For loopback only, so fixed and public. */
export const s3Access = {
  accessKeyId: 'dateline',
  secretAccessKey: 'dateline-local',
  region: 'us-east-1',
  bucket: 'wire-archive',
} as const

const repository = resolve(import.meta.dirname, '../../..')

/** The one place that reads the environment. */
export function resolveSettings(options: EnginesOptions = {}, env: NodeJS.ProcessEnv = process.env): EngineSettings {
  const userCache = env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return {
    dir: resolve(options.dir ?? join(repository, '.dateline-engines')),
    cacheDir: resolve(options.cacheDir ?? (env.DATELINE_ENGINES_CACHE || join(userCache, 'dateline', 'engines'))),
    brokers: options.brokers ?? 1,
    only: options.only ?? engineKinds,
    ports: { ...defaultPorts, ...options.ports },
    onProgress: options.onProgress ?? (() => {}),
  }
}
