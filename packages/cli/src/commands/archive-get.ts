import { writeFile } from 'node:fs/promises'
import type { Archive, LogRecord } from '@dateline/ports'
import { feedFrom, type Settings } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { withEngines } from '../with-engines.ts'

/** The newest objects have no index yet, which is nothing to tell. */
const fewUnindexed = 20

interface GetOptions {
  readonly output?: string
  // `--version` is the program's own.
  readonly storyVersion?: string
}

export function addArchiveGet(archive: Command): void {
  archive
    .command('get')
    .argument('<what>', 'a receipt (rcp_…), a position (<topic>@<log id>/<partition>/<offset>), or a story key')
    .option('--story-version <version>', 'with a story key: the message of this version (default: the newest received)')
    .option('--output <file>', 'write the bytes to a file instead of standard output')
    .description('the bytes of one message, exactly as they came')
    .addHelpText(
      'after',
      '\nExamples:\n  dateline archive get rcp_d2lyZS5hbnA… --output message.xml\n  dateline archive get anp:ANPX-101218-041 --story-version 3',
    )
    .action(async (what: string, options: GetOptions, command: Command) => {
      await withEngines(command, async ({ engines, settings }) => {
        const { parsePosition, positionOfReceipt } = await import('@dateline/story')
        const { absenceOf, readArchived } = await import('@dateline/archive')
        const position = parsePosition(what.startsWith('rcp_') ? (positionOfReceipt(what) ?? '') : what)
        if (position === null && (what.startsWith('rcp_') || !what.includes(':')))
          throw new CommandFault(
            `"${what}" is neither a receipt, a position nor a story key: it looks like rcp_…, wire.anp-site@<log id>/0/12 or anp:ANPX-101218-041.`,
          )
        const message =
          position === null
            ? await newestOf(engines.archive, what, { settings, version: options.storyVersion })
            : await readArchived(engines.archive, position)
        if (message === null) {
          const why =
            position === null
              ? `${options.storyVersion === undefined ? '' : `version ${options.storyVersion} `}was found in no message of the archive (yet)`
              : await absenceOf(engines.archive, position)
          throw new CommandFault(`${what} ${why}. The archiver writes at least every ${settings.archive.flushAfter}.`)
        }
        if (options.output === undefined) {
          process.stdout.write(message.value ?? Buffer.alloc(0))
          return
        }
        await writeFile(options.output, message.value ?? Buffer.alloc(0))
        process.stderr.write(
          `${options.output}: ${message.value?.byteLength ?? 0} bytes, arrived ${new Date(message.timeMs).toISOString()}\n`,
        )
      })
    })
}

/** The message received last in which that version of the story was found. */
async function newestOf(
  archive: Archive,
  storyKey: string,
  { settings, version }: { readonly settings: Settings; readonly version: string | undefined },
): Promise<LogRecord | null> {
  const { findStory } = await import('@dateline/archive')
  const { storiesIn } = await import('@dateline/archiver')
  const supplier = storyKey.slice(0, storyKey.indexOf(':'))
  let newest: LogRecord | null = null
  let unindexed = 0
  const found = findStory(archive, storyKey, {
    isOf: (feed) => feedFrom(feed, settings).supplier === supplier,
    storiesIn: storiesIn((name) => feedFrom(name, settings)),
    onUnindexed: () => {
      unindexed += 1
    },
    ...(version === undefined ? {} : { version }),
  })
  for await (const { record } of found) if (newest === null || record.timeMs >= newest.timeMs) newest = record
  if (unindexed > fewUnindexed)
    process.stderr.write(
      `${unindexed} objects had no index and were read whole: \`dateline archive index\` makes them.\n`,
    )
  return newest
}
