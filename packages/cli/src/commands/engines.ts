import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf } from '../globals.ts'
import { print, printJson, table } from '../output.ts'

/** Kafka, an S3 server and Redis on this machine, without Docker. */
export function addEngines(program: Command): void {
  const engines = program
    .command('engines')
    .description('Kafka, an S3 server and Redis on this machine, without Docker')
  engines
    .command('up')
    .description('start them (the first time this fetches and builds them: minutes)')
    .option('--brokers <n>', '1, or 3 for fault tests', '1')
    .action(async (options: { readonly brokers: string }, command: Command) => {
      if (options.brokers !== '1' && options.brokers !== '3') throw new CommandFault('--brokers is 1 or 3.')
      const brokers = options.brokers === '3' ? 3 : 1
      await local(command, async ({ enginesUp }) => enginesUp({ brokers, onProgress: say }))
    })
  engines
    .command('down')
    .description('stop them')
    .option('--wipe', 'remove their data too', false)
    .action(async (options: { readonly wipe: boolean }, command: Command) => {
      await local(command, async ({ enginesDown, enginesStatus }) => {
        await enginesDown({ wipe: options.wipe, onProgress: say })
        return enginesStatus()
      })
    })
  engines
    .command('status')
    .description('say which of them run')
    .action(async (_options: unknown, command: Command) => {
      await local(command, async ({ enginesStatus }) => enginesStatus())
    })
}

type Local = typeof import('@dateline/local-engines')

async function local(command: Command, work: (engines: Local) => ReturnType<Local['enginesStatus']>): Promise<void> {
  const engines = await import('@dateline/local-engines')
  try {
    const status = await work(engines)
    if (globalsOf(command).json) {
      printJson(status)
      return
    }
    if (status.engines.length === 0) print('No engine runs. Start them with `dateline engines up`.')
    else {
      print(
        table(
          ['engine', 'state', 'pid', 'address'],
          status.engines.map((engine) => [engine.name, engine.state, engine.pid ?? '-', engine.url]),
        ),
      )
      for (const [name, value] of Object.entries(status.environment)) print(`${name}=${value}`)
    }
  } catch (error) {
    if (error instanceof engines.EngineError) throw new CommandFault(error.message)
    throw error
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)
