import type { EngineKind } from './settings.ts'

/** `kafka-1` to `kafka-3`, `s3`, `redis-state`, `redis-jobs`; also the name of its folder in the run directory. */
export type EngineName = `kafka-${number}` | 's3' | 'redis-state' | 'redis-jobs'

/** What to start, exactly. */
export type Launch = {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** One process to be: what it is, and how its files and its launch come about. */
export type Engine = {
  readonly name: EngineName
  readonly kind: EngineKind
  readonly port: number
  /** All ports that must be free before it starts. */
  readonly listens: readonly number[]
  readonly url: string
  /** Settings that cannot change while it runs, in words. */
  readonly shape: string
  /** Fetches, builds, writes and formats what is missing; safe to repeat. */
  readonly prepare: (folder: string) => Promise<Launch>
}

/** The number in a broker's name, which is its Kafka node id. */
export function nodeIdOf(name: EngineName): number {
  return Number(name.slice('kafka-'.length))
}
