import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { paint, print, printJson, safe, table } from '../output.ts'
import type { CaseResult } from '../recorded-cases.ts'

interface FeedTestOptions {
  readonly feed?: string
  readonly write: boolean
}

export function addFeeds(program: Command): void {
  const feeds = program.command('feeds').description('the feeds and what they send')
  feeds
    .command('test')
    .argument('<dir>', 'recorded messages, each with a <case>.expected.json beside it')
    .option('--feed <feed>', 'read them with what the settings say of this feed')
    .option('--write', 'make what is expected of messages that have nothing beside them; a person must read it', false)
    .description('read recorded messages and compare the stories, field by field')
    .addHelpText(
      'after',
      '\nExit code 0: every message gives what is expected. 1: one differs, or lacks what is expected of it.\n\nExample:\n  dateline feeds test messages/ --feed nzp-newsml',
    )
    .action(async (dir: string, options: FeedTestOptions, command: Command) => {
      const globals = globalsOf(command)
      const { testRecordedCases } = await import('../recorded-cases.ts')
      const results = await testRecordedCases(dir, {
        feed: options.feed === undefined ? {} : await profileOf(options.feed, command),
        isWriting: options.write,
        nowMs: Date.now(),
      })
      if (results.length === 0) throw new CommandFault(`${dir} holds no messages: put files in it, one message each.`)
      if (globals.json) for (const result of results) printJson(result)
      else print(readable(results))
      if (results.some(({ result }) => result !== 'passes' && result !== 'written')) process.exitCode = 1
    })
}

/** What the settings say of a feed, and no more: the rest of a feed is not for a reader. */
async function profileOf(name: string, command: Command) {
  const { feedFrom } = await import('@dateline/runtime')
  const { supplier, format, language, timezone, charset } = feedFrom(name, settingsOf(globalsOf(command)))
  return {
    name,
    supplier,
    ...(format === undefined ? {} : { format }),
    ...(language === undefined ? {} : { language }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(charset === undefined ? {} : { charset }),
  }
}

const words: Readonly<Record<CaseResult['result'], string>> = {
  passes: 'passes',
  differs: 'differs',
  'no-expectation': 'nothing is expected of it: add --write',
  'no-message': 'there is no such message',
  written: 'written: read it',
}

function readable(results: readonly CaseResult[]): string {
  const rows = results.map(({ name, format, result }) => [safe(name), format ?? '—', painted(result)])
  const lines = [table(['message', 'format', 'result'], rows)]
  for (const { name, differences } of results) {
    if (differences.length === 0) continue
    lines.push('', paint.bold(safe(name)))
    lines.push(
      table(
        ['field', 'expected', 'found'],
        differences.map(({ at, expected, found }) => [safe(at), shown(expected), shown(found)]),
      ),
    )
  }
  const passed = results.filter(({ result }) => result === 'passes').length
  lines.push('', `${passed} of ${results.length} as expected.`)
  if (results.some(({ result }) => result === 'written'))
    lines.push(
      'What was written is what is read now, right or wrong. Read each file beside its message, and mend it where it is wrong.',
    )
  return lines.join('\n')
}

function painted(result: CaseResult['result']): string {
  if (result === 'passes') return paint.green(words[result])
  return result === 'written' ? paint.yellow(words[result]) : paint.red(words[result])
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return safe(text.length <= 100 ? text : `${text.slice(0, 99).toWellFormed()}…`)
}
