import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Chain, VerifiedSoFar, VerifyReport } from '@dateline/archive'
import { silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { requireFeed } from '../known-feed.ts'
import { numberOption } from '../number-option.ts'
import { paint, print, printJson, table } from '../output.ts'
import { withEngines } from '../with-engines.ts'

interface VerifyCommandOptions {
  readonly feed?: string
  readonly wait: string
  readonly offline: boolean
  readonly mark?: string
}

export function addArchiveVerify(archive: Command): void {
  archive
    .command('verify')
    .description('prove that the archive has no gap and no overlap, byte for byte')
    .option('--feed <feed>', 'only this feed')
    .option('--wait <seconds>', 'wait this long for the archiver to write what the log has', '0')
    .option('--offline', 'against the archive alone: the log is not asked', false)
    .option('--mark <file>', 'go on where the last run with this file ended, and keep there how far this one came')
    .addHelpText(
      'after',
      '\nExit code 0 only when all that is archived is whole, and with --wait nothing waits any more.\n\nExamples:\n  dateline archive verify --wait 40\n  dateline archive verify --offline --mark proved.json',
    )
    .action(async (options: VerifyCommandOptions, command: Command) => {
      const globals = globalsOf(command)
      const settings = settingsOf(globals)
      const { verifyArchive } = await import('@dateline/archive')
      const waitMs = numberOption('--wait', options.wait) * 1_000
      const part = options.feed === undefined ? {} : { feed: options.feed }
      const mark = options.mark === undefined ? null : openMark(options.mark)
      const tell = (report: VerifyReport): void => {
        if (globals.json) printJson(report)
        else show(report, settings.archive.flushAfter)
        if (!report.isWhole || (waitMs > 0 && (report.waiting ?? 0) > 0)) process.exitCode = 1
      }
      try {
        if (options.offline) {
          if (waitMs > 0) throw new CommandFault('--wait asks the log, which --offline leaves alone: give one of them.')
          const { engineOpening } = await import('../open-engines.ts')
          const opening = engineOpening(settings, { dataDir: globals.data, log: silentLogger, isReadOnly: true })
          try {
            tell(await verifyArchive(await opening.archive(), { ...part, ...mark }))
          } finally {
            await opening.close()
          }
          return
        }
        await withEngines(command, async ({ engines }) => {
          await requireFeed(engines.log, options.feed)
          const deadline = Date.now() + waitMs
          const look = () => verifyArchive(engines.archive, { log: engines.log, ...part, ...mark })
          let report = await look()
          if (waitMs > 0 && report.isWhole && (report.waiting ?? 0) > 0)
            process.stderr.write(
              `Waiting up to ${options.wait} s for ${messageCount(report.waiting ?? 0)} that the archiver has not written yet, which it does at least every ${settings.archive.flushAfter} …\n`,
            )
          while (report.isWhole && (report.waiting ?? 0) > 0 && Date.now() < deadline) {
            await sleep(500)
            report = await look()
          }
          tell(report)
        })
      } finally {
        await mark?.save()
      }
    })
}

/** How far every partition was proved, in a file. What an interrupted run proved is kept every few seconds. */
function openMark(file: string) {
  const proved = new Map(Object.entries(readMark(file)))
  let savedAtMs = Date.now()
  let saving: Promise<void> = Promise.resolve()
  const save = (): Promise<void> => {
    savedAtMs = Date.now()
    saving = saving.then(async () => {
      await writeFile(`${file}.new`, `${JSON.stringify({ format: markFormat, proved: Object.fromEntries(proved) })}\n`)
      await rename(`${file}.new`, file)
    })
    return saving
  }
  return {
    save,
    provedBefore: [...proved.keys()].flatMap(chainOf),
    resume: (chain: Chain) => proved.get(nameOf(chain)),
    onProved(chain: Chain, soFar: VerifiedSoFar): void {
      proved.set(nameOf(chain), soFar)
      if (Date.now() - savedAtMs > 5_000) save().catch(() => {})
    },
  }
}

const markFormat = 'dateline-proved/1'

function readMark(file: string): Record<string, VerifiedSoFar> {
  if (!existsSync(file)) return {}
  try {
    const mark = JSON.parse(readFileSync(file, 'utf8')) as { format?: unknown; proved?: Record<string, VerifiedSoFar> }
    if (mark.format === markFormat && mark.proved !== undefined) return mark.proved
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new CommandFault(`${file} is not a mark of \`archive verify\`: give another file, or remove it.`)
}

const nameOf = ({ topic, logId, partition }: Chain): string => `${topic}@${logId}/${partition}`

function chainOf(name: string): readonly Chain[] {
  const [, topic, logId, partition] = /^([^@]+)@(.+)\/(\d+)$/.exec(name) ?? []
  return topic === undefined || logId === undefined ? [] : [{ topic, logId, partition: Number(partition) }]
}

const messageCount = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)

function show(report: VerifyReport, flushAfter: string): void {
  if (report.partitions.length > 0)
    print(
      table(
        ['topic', 'partition', 'from', 'to', 'objects', 'messages', 'lost', 'state'],
        report.partitions.map((line) => [
          line.topic,
          line.partition,
          line.from,
          line.to,
          line.objects,
          line.messages,
          line.lost || '·',
          line.fault === null ? 'whole' : 'FAULT',
        ]),
      ),
    )
  for (const line of report.partitions)
    if (line.fault !== null) {
      const key = line.faultKey === null || line.fault.includes(line.faultKey) ? '' : ` (${line.faultKey})`
      print(paint.red(`${line.topic}/${line.partition}: ${line.fault}${key}`))
    }
  if (!report.isWhole) print(paint.red('The archive is not whole.'))
  else if (report.objects > 0)
    print(paint.green(`What is archived is whole: ${report.messages} messages in ${report.objects} objects.`))
  else print('Nothing is archived yet.')
  const waiting = report.waiting ?? 0
  if (waiting > 0)
    print(
      paint.yellow(
        `${messageCount(waiting)} ${waiting === 1 ? 'waits' : 'wait'} in the log for the archiver, which writes at least every ${flushAfter}.`,
      ),
    )
}
