import { readSettings, topicSpecs } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { configText, globalsOf, settingsOf } from '../globals.ts'
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
      if (options.connect) await connect(globals.data, settingsOf(globals), (line) => globals.json || print(line))
      if (!globals.json)
        print(text === null ? 'No dateline.yaml: the defaults apply, and they are valid.' : `${file} is valid.`)
    })
}

async function connect(
  dataDir: string,
  settings: ReturnType<typeof settingsOf>,
  say: (line: string) => void,
): Promise<void> {
  const { openEngines } = await import('../open-engines.ts')
  const { silentLogger } = await import('@dateline/runtime')
  const engines = await openEngines(settings, { dataDir, log: silentLogger, isReadOnly: true })
  try {
    say(`log      answers, ${(await engines.log.topics()).length} topics`)
    for await (const _object of engines.archive.list('raw/', 'raw/~')) break
    say('archive  answers')
    await engines.state.load(0, [])
    say('state    answers')
    await engines.jobs.counts('releases')
    say('jobs     answers')
  } finally {
    await engines.close()
  }
}
