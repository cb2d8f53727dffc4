import { silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { print, printJson } from '../output.ts'

export function addState(program: Command): void {
  program
    .command('state')
    .description("the publisher's memory")
    .command('restore')
    .description(
      'restore the state of partitions from stories.state; publishers that run hand them over and take them back',
    )
    .option('--partition <n...>', 'only these partitions')
    .addHelpText(
      'after',
      '\nA publisher does this by itself when its store was wiped.\n\nExample:\n  dateline state restore --config dateline.yaml',
    )
    .action(async (options: { readonly partition?: string[] }, command: Command) => {
      const globals = globalsOf(command)
      const { openEngines } = await import('../open-engines.ts')
      const { logIdOf, restorePartition, storyPartitions } = await import('@dateline/runtime')
      const { publisherWorker } = await import('@dateline/publisher')
      const partitions = (
        options.partition ?? Array.from({ length: storyPartitions }, (_unused, index) => String(index))
      ).map(Number)
      const bad = partitions.find(
        (partition) => !Number.isInteger(partition) || partition < 0 || partition >= storyPartitions,
      )
      if (bad !== undefined)
        throw new CommandFault(`There is no partition ${bad}: they are 0 to ${storyPartitions - 1}.`)
      const settings = settingsOf(globals)
      const engines = await openEngines(settings, { dataDir: globals.data, log: silentLogger, isReadOnly: false })
      try {
        const logId = await logIdOf(engines.log, 'stories.parsed')
        const offsets = await engines.log.offsets('stories.parsed', 'publisher')
        for (const partition of partitions) {
          const bounds = offsets[partition]
          if (bounds === undefined)
            throw new CommandFault(
              'The topic stories.parsed has fewer partitions than it needs: run `dateline topics ls`.',
            )
          const restored = await restorePartition(
            { topic: 'stories.parsed', ...bounds },
            { engines, worker: publisherWorker({ instance: settings.instance }), logId },
          )
          if (globals.json) printJson(restored)
          else print(`partition ${partition}: ${restored.entries} entries, done up to offset ${restored.applied}`)
        }
      } finally {
        await engines.close()
      }
    })
}
