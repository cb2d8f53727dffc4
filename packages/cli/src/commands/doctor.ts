import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { readSettings } from '@dateline/runtime'
import type { Command } from 'commander'
import { explain } from '../explain.ts'
import { configText, type Globals, globalsOf } from '../globals.ts'
import { paint, print, printJson } from '../output.ts'

interface Finding {
  readonly what: string
  readonly state: 'good' | 'note' | 'bad'
  readonly say: string
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('look at this machine, the settings and a running instance, and say what to mend')
    .action(async (_options: unknown, command: Command) => {
      const globals = globalsOf(command)
      const findings = [
        ...machine(),
        ...(await settings(globals)),
        ...(await instance(globals.url)),
        ...(await localEngines()),
      ]
      if (globals.json) printJson(findings)
      else for (const finding of findings) print(`${sign(finding.state)} ${finding.what.padEnd(10)} ${finding.say}`)
      if (findings.some((finding) => finding.state === 'bad')) process.exitCode = 1
    })
}

function machine(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > 24 || (major === 24 && minor >= 15)
  return [
    {
      what: 'node',
      state: isNew ? 'good' : 'bad',
      say: isNew
        ? `Node ${process.versions.node}`
        : `Node ${process.versions.node} is too old: run ./dateline of the checkout, which brings its own.`,
    },
  ]
}

async function settings(globals: Globals): Promise<Finding[]> {
  const text = configText(globals)
  const result = readSettings(text, process.env)
  if (result.kind === 'faults')
    return [...result.faults.map((fault): Finding => ({ what: 'settings', state: 'bad', say: fault })), data(globals)]
  const { reachEngines } = await import('../reach-engines.ts')
  const reached = await reachEngines(result.settings, globals.data)
  return [
    { what: 'settings', state: 'good', say: text === null ? 'no dateline.yaml: defaults, embedded engines' : 'valid' },
    data(globals),
    ...reached.map(({ engine, answers, say }): Finding => ({ what: engine, state: answers ? 'good' : 'bad', say })),
  ]
}

function data({ data }: Globals): Finding {
  if (!existsSync(data))
    return { what: 'data', state: 'note', say: `${data} is not there yet: \`dateline up\` makes it` }
  if (!statSync(data).isDirectory())
    return { what: 'data', state: 'bad', say: `${data} is a file: name a directory with --data` }
  try {
    accessSync(data, constants.R_OK | constants.W_OK)
    return { what: 'data', state: 'good', say: `${data} is there` }
  } catch (error) {
    return { what: 'data', state: 'bad', say: explain(error).message }
  }
}

async function instance(url: string): Promise<Finding[]> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    const states = (await response.json()) as Record<string, string>
    const waiting = Object.entries(states).filter(([, state]) => state !== 'ok')
    if (waiting.length === 0)
      return [{ what: 'instance', state: 'good', say: `${url} is ready: ${Object.keys(states).join(', ')}` }]
    return [
      {
        what: 'instance',
        state: 'bad',
        say: `${url} runs, but not ready: ${waiting.map(([name]) => name).join(', ')}. Look at its log.`,
      },
    ]
  } catch {
    return [{ what: 'instance', state: 'note', say: `nothing answers at ${url}: start it with \`dateline up\`` }]
  }
}

async function localEngines(): Promise<Finding[]> {
  const { enginesStatus } = await import('@dateline/local-engines')
  const { engines } = await enginesStatus()
  if (engines.length === 0)
    return [
      {
        what: 'engines',
        state: 'note',
        say: 'no real engines on this machine; `dateline engines up` starts Kafka, S3 and Redis',
      },
    ]
  return engines.map((engine) => ({
    what: 'engines',
    state: engine.state === 'ready' ? 'good' : 'bad',
    say: `${engine.name} ${engine.state} at ${engine.url}`,
  }))
}

function sign(state: Finding['state']): string {
  if (state === 'good') return paint.green('✓')
  return state === 'bad' ? paint.red('✗') : paint.yellow('·')
}
