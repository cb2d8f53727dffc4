import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'

export function addRun(program: Command): void {
  program
    .command('run')
    .argument('<service...>', 'gateway, normalizer, publisher, archiver, dispatcher, replayer')
    .description('run one service, or some, as a process of its own')
    .option('--port <n>', 'port of the HTTP door, or of health and metrics for the others (0: any)')
    .addHelpText(
      'after',
      '\nAs many processes of a service as there are partitions share the work.\n\nExample:\n  dateline run publisher --config dateline.yaml --port 9101',
    )
    .action(async (names: readonly string[], options: { readonly port?: string }, command: Command) => {
      const { isServiceName, serviceNames } = await import('../services.ts')
      const unknown = names.find((name) => !isServiceName(name))
      if (unknown !== undefined)
        throw new CommandFault(`There is no service "${unknown}": the services are ${serviceNames.join(', ')}.`)
      const globals = globalsOf(command)
      const { serve } = await import('../serve.ts')
      await serve(settingsOf(globals), {
        services: names.filter(isServiceName),
        dataDir: globals.data,
        createTopics: false,
        ...(options.port === undefined ? {} : { port: options.port }),
      })
    })
}
