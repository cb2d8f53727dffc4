import { existsSync, readFileSync } from 'node:fs'
import { readSettings, type Settings } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from './fault.ts'

/** Options that every command takes. */
export interface Globals {
  readonly data: string
  readonly config?: string
  readonly url: string
  readonly json: boolean
}

export function globalsOf(command: Command): Globals {
  const globals = command.optsWithGlobals<Globals>()
  if (!/^https?:$/.test(URL.canParse(globals.url) ? new URL(globals.url).protocol : ''))
    throw new CommandFault(
      `--url ${globals.url} is not the address of an instance: it looks like http://127.0.0.1:8787.`,
    )
  return globals
}

/** The settings of `--config`, else of ./dateline.yaml where there is one, else the defaults. */
export function settingsOf(globals: Globals, environment: NodeJS.ProcessEnv = process.env): Settings {
  const result = readSettings(configText(globals), environment)
  if (result.kind === 'settings') return result.settings
  const file = globals.config ?? 'dateline.yaml'
  throw new CommandFault(
    result.faults.length === 1
      ? `${file}: ${result.faults[0]}`
      : `${file} has ${result.faults.length} faults:\n${result.faults.map((fault) => `  ${fault}`).join('\n')}`,
  )
}

export function configText(globals: Pick<Globals, 'config'>): string | null {
  const file = globals.config ?? 'dateline.yaml'
  if (globals.config === undefined && !existsSync(file)) return null
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new CommandFault(`The configuration ${file} cannot be read: check the path given with --config.`)
  }
}
