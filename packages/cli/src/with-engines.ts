import type { Engines } from '@dateline/ports'
import { type Settings, silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import { globalsOf, settingsOf } from './globals.ts'

/** Opens the engines for a command, and closes them behind it. */
export async function withEngines(
  command: Command,
  work: (given: { readonly engines: Engines; readonly settings: Settings; readonly isJson: boolean }) => Promise<void>,
): Promise<void> {
  const globals = globalsOf(command)
  const settings = settingsOf(globals)
  const { openEngines } = await import('./open-engines.ts')
  const engines = await openEngines(settings, { dataDir: globals.data, log: silentLogger, isReadOnly: true })
  try {
    await work({ engines, settings, isJson: globals.json })
  } finally {
    await engines.close()
  }
}
