import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'

/** The launcher runs the suites itself; this line is for the help, and for who calls the program without it. */
export function addTest(program: Command): void {
  program
    .command('test')
    .description('run the test suites; with --engines also on the real engines')
    .option('--engines', 'also on Kafka, S3 and Redis (start them with `dateline engines up`)')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new CommandFault('Run the tests from the checkout: ./dateline test [--engines].')
    })
}
