import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'

const kinds: readonly string[] = ['drain', 'latency', 'flash', 'formats', 'replay']

interface BenchOptions {
  readonly messages: string
  readonly engines: boolean
  readonly rate: string
  readonly seconds: string
}

export function addBench(program: Command): void {
  program
    .command('bench')
    .argument(
      '[what...]',
      'drain, latency, flash; all three unless said; or replay, beside live; or formats, beside bare parsers',
    )
    .option('--messages <n>', 'messages of a drain, of the backlog behind a flash, and of a replay', '20000')
    .option('--rate <n>', 'messages a second for latency, and beside a replay', '500')
    .option('--seconds <n>', 'how long latency is measured, each window of a replay, and ten formats', '20')
    .option('--engines', 'on Kafka, S3 and Redis (start them with `dateline engines up`), one process a service', false)
    .description('measure this machine, beside the plain tools in the same run')
    .action(async (what: readonly string[], options: BenchOptions) => {
      const unknown = what.find((name) => !kinds.includes(name))
      if (unknown !== undefined) throw new CommandFault(`"${unknown}" cannot be measured: ${kinds.join(', ')}.`)
      const script = fileURLToPath(new URL('../../../../test/bench/bench.ts', import.meta.url))
      if (!existsSync(script))
        throw new CommandFault('The benchmarks come with the checkout: run ./dateline bench there.')
      const environment = options.engines ? await engineEnvironment() : {}
      const given = {
        what,
        messages: Number(options.messages),
        rate: Number(options.rate),
        seconds: Number(options.seconds),
        onEngines: options.engines,
      }
      const child = spawn(process.execPath, [script, JSON.stringify(given)], {
        stdio: 'inherit',
        env: { ...process.env, ...environment },
      })
      process.exitCode = await new Promise<number>((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
    })
}

async function engineEnvironment(): Promise<Readonly<Record<string, string>>> {
  const { enginesStatus } = await import('@dateline/local-engines')
  const { engines, environment } = await enginesStatus()
  if (engines.length === 0 || engines.some((engine) => engine.state !== 'ready'))
    throw new CommandFault('The real engines do not all run: start them with `dateline engines up`.')
  return environment
}
