import { parseArgs } from 'node:util'
import type { StopSignal } from './control.ts'
import type { EngineName } from './engine.ts'
import { EngineError } from './engine-error.ts'
import { engineNames } from './records.ts'
import { type EngineKind, type EnginePorts, type EnginesOptions, engineKinds } from './settings.ts'

export type Invocation =
  | { readonly verb: 'up'; readonly options: EnginesOptions; readonly json: boolean }
  | { readonly verb: 'down'; readonly dir: string | undefined; readonly wipe: boolean; readonly json: boolean }
  | { readonly verb: 'status' | 'env'; readonly dir: string | undefined; readonly json: boolean }
  | { readonly verb: 'stop'; readonly dir: string | undefined; readonly name: EngineName; readonly signal: StopSignal }
  | { readonly verb: 'start'; readonly dir: string | undefined; readonly name: EngineName }

const usage = `up      [--brokers 1|3] [--only kafka,s3,redis] [--kafka-port N] [--s3-port N] [--redis-state-port N] [--redis-jobs-port N] [--json]
down    [--wipe] [--json]
status  [--json]
env                                    the variables that tests look for
stop    NAME [--signal SIGTERM|SIGKILL|SIGSTOP]
start   NAME                           also lets a paused one go on
Each takes --dir FOLDER for data and logs. NAME: ${engineNames.join(', ')}.`

/** Reads the words of the command; an EngineError says which one is wrong. */
export function parseArguments(argv: readonly string[]): Invocation {
  const { values, positionals } = readWords(argv)
  const [verb, name, ...rest] = positionals
  const { dir, json = false, wipe = false } = values
  const extra = verb === 'stop' || verb === 'start' ? rest[0] : name
  if (extra !== undefined) throw new EngineError(`'${extra}' is one word too many.`)
  switch (verb) {
    case 'up':
      return {
        verb,
        json,
        options: { dir, brokers: readBrokers(values.brokers), only: readKinds(values.only), ports: readPorts(values) },
      }
    case 'down':
      return { verb, dir, wipe, json }
    case 'status':
    case 'env':
      return { verb, dir, json }
    case 'stop':
      return { verb, dir, name: readName(name), signal: readSignal(values.signal) }
    case 'start':
      return { verb, dir, name: readName(name) }
    default:
      throw new EngineError(`Say what to do with the engines:\n${usage}`)
  }
}

type Values = ReturnType<typeof readWords>['values']

function readWords(argv: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    dir: text,
    brokers: text,
    only: text,
    signal: text,
    'kafka-port': text,
    's3-port': text,
    'redis-state-port': text,
    'redis-jobs-port': text,
    wipe: flag,
    json: flag,
  }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new EngineError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}

function readBrokers(word: string | undefined): 1 | 3 | undefined {
  if (word === undefined) return undefined
  if (word === '1') return 1
  if (word === '3') return 3
  throw new EngineError(`--brokers is 1 or 3, not '${word}'.`)
}

function readKinds(words: string | undefined): readonly EngineKind[] | undefined {
  return words?.split(',').map((word) => {
    const kind = engineKinds.find((known) => known === word)
    if (!kind) throw new EngineError(`--only takes ${engineKinds.join(', ')}, not '${word}'.`)
    return kind
  })
}

function readPorts(values: Values): Partial<EnginePorts> {
  const named = {
    kafka: 'kafka-port',
    s3: 's3-port',
    redisState: 'redis-state-port',
    redisJobs: 'redis-jobs-port',
  } as const
  const entries = Object.entries(named).flatMap(([key, option]) => {
    const word = values[option]
    return word === undefined ? [] : [[key, readPort(option, word)]]
  })
  return Object.fromEntries(entries) as Partial<EnginePorts>
}

function readPort(option: string, word: string): number {
  const port = Number(word)
  if (!Number.isInteger(port) || port < 1 || port > 65_000)
    throw new EngineError(`--${option} is a number from 1 to 65000, not '${word}'.`)
  return port
}

function readName(word: string | undefined): EngineName {
  const name = engineNames.find((known) => known === word)
  if (!name) throw new EngineError(`Name one of ${engineNames.join(', ')}, not '${word ?? ''}'.`)
  return name
}

function readSignal(word = 'SIGTERM'): StopSignal {
  if (word === 'SIGTERM' || word === 'SIGKILL' || word === 'SIGSTOP') return word
  throw new EngineError(`--signal is SIGTERM, SIGKILL or SIGSTOP, not '${word}'.`)
}
