import { readSettings, topicSpecs } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { configText, type Globals, globalsOf, settingsOf } from '../globals.ts'
import { print, printJson } from '../output.ts'
import { retentionFaults } from '../retention-faults.ts'

export function addConfig(program: Command): void {
  const config = program.command('config').description('the settings in dateline.yaml')
  config
    .command('check')
    .description('check the settings; with --connect also that the engines answer')
    .option('--connect', 'reach every engine', false)
    .addHelpText('after', '\nExample:\n  dateline config check --config dateline.yaml --connect')
    .action(async (options: { readonly connect: boolean }, command: Command) => {
      const globals = globalsOf(command)
      const text = configText(globals)
      const file = globals.config ?? 'dateline.yaml'
      const result = readSettings(text, process.env)
      const faults = result.kind === 'faults' ? result.faults : retentionFaults(result.settings, topicSpecs([]))
      if (globals.json) printJson({ file: text === null ? null : file, faults })
      else for (const fault of faults) print(`${file}: ${fault}`)
      if (faults.length > 0)
        throw new CommandFault(`${file} has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.`)
      if (options.connect) await connect(globals)
      if (!globals.json)
        print(text === null ? 'No dateline.yaml: the defaults apply, and they are valid.' : `${file} is valid.`)
    })
}

async function connect(globals: Globals): Promise<void> {
  const { reachEngines } = await import('../reach-engines.ts')
  const reached = await reachEngines(settingsOf(globals), globals.data)
  for (const { engine, answers, say } of reached) {
    if (globals.json) printJson({ engine, answers, say })
    else if (answers) print(`${engine.padEnd(8)} ${say}`)
  }
  const away = reached.filter(({ answers }) => !answers)
  if (away.length > 0) throw new CommandFault(away.map(({ say }) => say).join('\n'))
}
