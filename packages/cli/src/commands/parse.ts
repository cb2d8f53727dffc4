import type { Explanation } from '@dateline/normalize'
import { type Settings, wireTopic } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { paint, print, printJson, safe } from '../output.ts'
import { feedOf, type PreviewOptions } from '../preview-feed.ts'
import { readMessage } from '../read-message.ts'
import { readableExplanation } from '../readable-explanation.ts'

interface ParseOptions {
  readonly feed?: string
  readonly capturedAt?: string
  readonly format?: string
  readonly type?: string
  readonly explain?: boolean
}

export function addParse(program: Command): void {
  program
    .command('parse')
    .argument('<file...>', 'wire messages, one a file; - reads standard input')
    .option('--feed <feed>', 'the feed they would come from (default: the one feed of the settings, else `preview`)')
    .option('--captured-at <time>', 'when they would have arrived, RFC 3339 (default: now)')
    .option('--format <format>', 'wire format (default: detected)')
    .option('--type <media type>', 'content type')
    .option(
      '--explain',
      'say how each message was read: format, character set, corrections, and where every field comes from',
    )
    .description('print the events that would be published; touches nothing')
    .addHelpText(
      'after',
      '\nExit code 0: everything was read. 1: something was rejected.\n\nExamples:\n  dateline parse --json page.txt --captured-at 2026-01-20T12:00:00+01:00\n  dateline parse --explain message.xml\n  dateline archive get rcp_… | dateline parse --explain -',
    )
    .action(async (files: readonly string[], options: ParseOptions, command: Command) => {
      const globals = globalsOf(command)
      const capturedAtMs = options.capturedAt === undefined ? Date.now() : Date.parse(options.capturedAt)
      if (Number.isNaN(capturedAtMs))
        throw new CommandFault(
          `--captured-at ${options.capturedAt} is not a time: write it as 2026-01-20T12:00:00+01:00.`,
        )
      const { previewMessage } = await import('../preview-message.ts')
      const settings = settingsOf(globals)
      const feed = options.feed ?? assumedFeed(settings)
      const known = Object.keys(settings.feeds ?? {})
      if (options.feed !== undefined && known.length > 0 && !known.includes(feed))
        throw new CommandFault(`There is no feed ${feed}. The feeds are: ${known.sort().join(', ')}.`)
      if (options.feed === undefined && !globals.json)
        process.stderr.write(`Read as a message of the feed ${feed}; say another with --feed.\n`)
      for (const [index, file] of files.entries()) {
        const bytes = await readMessage(file)
        const given = {
          settings,
          feed,
          capturedAtMs,
          offset: index,
          ...(options.format === undefined ? {} : { format: options.format }),
          ...(options.type === undefined ? {} : { contentType: options.type }),
        }
        if (options.explain === true) {
          const explanation = await explained(bytes, given)
          if (globals.json) printJson({ file, ...explanation })
          else print(readableExplanation(explanation, file === '-' ? 'standard input' : file))
          if (explanation.parts.some(({ items }) => items.some(({ outcome }) => outcome === 'reject')))
            process.exitCode = 1
          continue
        }
        const lines = previewMessage(bytes, given)
        for (const line of lines) {
          if (globals.json || !process.stdout.isTTY) print(line.json)
          else print(readable(JSON.parse(line.json), file))
          if (line.outcome === 'rejected') process.exitCode = 1
        }
      }
    })
}

async function explained(bytes: Buffer, options: PreviewOptions): Promise<Explanation> {
  const { explainMessage } = await import('@dateline/normalize')
  return explainMessage({
    bytes,
    feed: feedOf(options),
    receivedAtMs: options.capturedAtMs,
    position: `${wireTopic(options.feed)}@preview/0/${options.offset}`,
    lane: 'live',
    ...(options.contentType === undefined ? {} : { contentType: options.contentType }),
  })
}

/** The only feed there is, or one that nobody has. */
function assumedFeed(settings: Settings): string {
  const names = Object.keys(settings.feeds ?? {})
  return names.length === 1 ? (names[0] ?? 'preview') : 'preview'
}

interface Readable {
  readonly outcome?: string
  readonly reason?: string
  readonly detail?: string
  readonly subject?: string
  readonly data?: {
    readonly headlines?: readonly { readonly value: string }[]
    readonly located?: string
    readonly language?: string
    readonly versionCreated?: string
    readonly infoSources?: readonly { readonly name?: string }[]
    readonly subjects?: readonly { readonly name?: string; readonly rel?: string }[]
    readonly bodies?: readonly { readonly contentType?: string; readonly value: string }[]
  }
}

function readable(line: Readable, file: string): string {
  if (line.data === undefined)
    return `${paint.red(line.outcome ?? 'rejected')} ${safe(file)}: ${line.reason} — ${safe(line.detail ?? '')}`
  const { data } = line
  const facts = [
    data.located,
    data.infoSources?.map((source) => source.name).join('/'),
    data.language,
    data.subjects?.find((subject) => subject.rel === 'section')?.name,
    data.versionCreated,
  ].filter((fact) => fact !== undefined && fact !== '')
  const text = data.bodies?.find((body) => body.contentType === 'text/plain')?.value ?? ''
  return `${paint.bold(safe(data.headlines?.[0]?.value ?? '(no headline)'))}\n${paint.dim(safe([line.subject, ...facts].join('  ')))}\n${safe(text)}\n`
}
