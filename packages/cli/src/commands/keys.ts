import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { print, printJson } from '../output.ts'

interface KeyOptions {
  readonly feed?: string[]
  readonly reader?: string
  readonly operator?: string
  readonly reads?: string[]
}

export function addKeys(program: Command): void {
  program
    .command('keys')
    .description('keys of agencies, readers and operators')
    .command('create')
    .description('make a key: prints it once, with the line for dateline.yaml')
    .option('--feed <feed...>', 'a key that pushes to these feeds')
    .option('--reader <name>', 'a key that reads stories')
    .option('--reads <supplier...>', 'with --reader: only of these suppliers')
    .option('--operator <name>', 'a key that may do everything')
    .addHelpText(
      'after',
      '\nExamples:\n  dateline keys create --feed anp-newsml\n  dateline keys create --reader cms --reads anp',
    )
    .action(async (options: KeyOptions, command: Command) => {
      const globals = globalsOf(command)
      const chosen = [options.feed, options.reader, options.operator].filter((option) => option !== undefined)
      if (chosen.length !== 1)
        throw new CommandFault('Say what the key is for: one of --feed FEED, --reader NAME, --operator NAME.')
      const known = settingsOf(globals).feeds
      const unknown = (options.feed ?? []).find((feed) => known !== undefined && !(feed in known))
      if (unknown !== undefined)
        throw new CommandFault(`There is no feed ${unknown}: the feeds are ${Object.keys(known ?? {}).join(', ')}.`)
      const { createKey } = await import('@dateline/gateway')
      const { key, sha256 } = createKey()
      const line = entry(options, sha256)
      if (globals.json) printJson({ key, entry: line })
      else {
        print(`Key (shown once): ${key}\n\nPaste into dateline.yaml under keys:\n  - ${yamlLine(line)}`)
      }
    })
}

function entry(options: KeyOptions, sha256: string): Readonly<Record<string, unknown>> {
  if (options.feed !== undefined) return { id: options.feed.join('-'), sha256, feeds: options.feed }
  if (options.reader !== undefined) return { id: options.reader, sha256, reads: options.reads ?? ['*'] }
  return { id: options.operator, sha256, operator: true }
}

const yamlLine = (entry: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(entry)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')} }`
