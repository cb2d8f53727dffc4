import { type Invocation, parseArguments } from './arguments.ts'
import {
  EngineError,
  type EnginesStatus,
  enginesDown,
  enginesStatus,
  enginesUp,
  startEngine,
  stopEngine,
} from './index.ts'

const onProgress = (text: string): void => void process.stderr.write(`${text}\n`)

async function run(invocation: Invocation): Promise<string> {
  switch (invocation.verb) {
    case 'up':
      return show(await enginesUp({ ...invocation.options, onProgress }), invocation.json)
    case 'status':
      return show(await enginesStatus(invocation), invocation.json)
    case 'env':
      return showEnvironment(await enginesStatus(invocation))
    case 'down': {
      const stopped = await enginesDown({ ...invocation, onProgress })
      return invocation.json
        ? JSON.stringify({ stopped })
        : stopped.length === 0
          ? 'No engine was running.'
          : `Stopped ${stopped.join(', ')}.`
    }
    case 'stop':
      await stopEngine(invocation.name, invocation.signal, invocation)
      return show(await enginesStatus(invocation), false)
    case 'start':
      await startEngine(invocation.name, invocation)
      return show(await enginesStatus(invocation), false)
  }
}

function show(status: EnginesStatus, json: boolean): string {
  if (json) return JSON.stringify(status, undefined, 2)
  if (status.engines.length === 0) return `No engines in ${status.dir}.`
  const lines = status.engines.map(
    ({ name, state, pid, url }) => `${name.padEnd(12)} ${state.padEnd(9)} ${String(pid ?? '-').padEnd(8)} ${url}`,
  )
  return [...lines, `Data and logs: ${status.dir}`, showEnvironment(status)].join('\n')
}

function showEnvironment({ environment }: EnginesStatus): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

try {
  process.stdout.write(`${await run(parseArguments(process.argv.slice(2)))}\n`)
} catch (error) {
  if (!(error instanceof EngineError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
