import type { Command } from 'commander'

interface DemoOptions {
  readonly fast: boolean
  readonly keep: boolean
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('see it work: everything embedded in a temporary directory, and an agency that plays a lively hour')
    .option('--fast', 'do not pause between the moves', false)
    .option('--keep', 'go on running afterwards, to try the other commands on it', false)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../demo/run-demo.ts')
      await runDemo(options)
    })
}
