import type { Command } from 'commander'
import { globalsOf, settingsOf } from '../globals.ts'

export function addUp(program: Command): void {
  program
    .command('up')
    .description('run everything in one process')
    .option('--port <n>', 'port of the HTTP door (default: http.port of the settings, 8787)')
    .addHelpText('after', '\nExamples:\n  dateline up\n  dateline up --port 9000 --data /var/lib/dateline')
    .action(async (options: { readonly port?: string }, command: Command) => {
      const globals = globalsOf(command)
      const { serve } = await import('../serve.ts')
      const { serviceNames } = await import('../services.ts')
      await serve(settingsOf(globals), {
        services: serviceNames,
        dataDir: globals.data,
        createTopics: true,
        ...(options.port === undefined ? {} : { port: options.port }),
      })
    })
}
