import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { commands } from './commands/commands.ts'

/** The command line, whole. Commands load what they need when they run. */
export function createProgram(): Command {
  const program = new Command('dateline')
    .description('Newswire ingestion: takes wire messages from agencies, publishes normalised stories (IPTC ninjs).')
    .option('--data <dir>', 'data directory of the embedded engines', './data')
    .option('--config <file>', 'settings (default: ./dateline.yaml where it exists)')
    .option('--url <url>', 'a running instance', process.env.DATELINE_URL ?? 'http://127.0.0.1:8787')
    .option('--json', 'print JSON lines for scripts', false)
    .version(manifest.version, '--version', 'show the version')
    .showHelpAfterError('(run `dateline --help` for the commands)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .exitOverride()
    .addHelpText(
      'after',
      '\nBegin with `dateline demo`. Without settings everything runs in one process and keeps its data in ./data.',
    )
  for (const add of commands) add(program)
  for (const command of every(program)) command.exitOverride().helpOption('-h, --help', 'show this help')
  return program
}

function every(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...every(child as Command)]) as Command[]
}
