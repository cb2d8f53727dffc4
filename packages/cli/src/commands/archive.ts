import { setTimeout as sleep } from 'node:timers/promises'
import type { VerifyReport } from '@dateline/archive'
import { silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { requireFeed } from '../known-feed.ts'
import { numberOption } from '../number-option.ts'
import { paint, print, printJson, table } from '../output.ts'

export function addArchive(program: Command): void {
  const archive = program.command('archive').description('the raw bytes, as they came')
  archive
    .command('ls')
    .description('list the objects: partition, offsets, messages, size')
    .option('--feed <feed>', 'only this feed')
    .action(async (options: { readonly feed?: string }, command: Command) => {
      await withEngines(command, async ({ engines, isJson }) => {
        const { listArchive } = await import('@dateline/archive')
        await requireFeed(engines.log, options.feed)
        const rows = []
        for await (const object of listArchive(
          engines.archive,
          options.feed === undefined ? {} : { feed: options.feed },
        )) {
          if (isJson) printJson(object)
          else
            rows.push([
              object.topic,
              object.partition,
              object.base,
              object.next,
              object.count,
              object.size,
              object.firstTime ?? '-',
            ])
        }
        if (!isJson)
          print(
            rows.length === 0
              ? 'Nothing is archived yet.'
              : table(['topic', 'partition', 'from', 'to', 'messages', 'bytes', 'first'], rows),
          )
      })
    })
  archive
    .command('get')
    .argument('<receipt or position>', 'rcp_…, or <topic>@<log id>/<partition>/<offset>')
    .option('--output <file>', 'write the bytes to a file instead of standard output')
    .description('the bytes of one message, exactly as they came')
    .action(async (what: string, options: { readonly output?: string }, command: Command) => {
      await withEngines(command, async ({ engines }) => {
        const { parsePosition, positionOfReceipt } = await import('@dateline/story')
        const { readArchived } = await import('@dateline/archive')
        const position = parsePosition(what.startsWith('rcp_') ? (positionOfReceipt(what) ?? '') : what)
        if (position === null)
          throw new CommandFault(
            `"${what}" is neither a receipt nor a position: it looks like rcp_… or wire.anp-site@<log id>/0/12.`,
          )
        const message = await readArchived(engines.archive, position)
        if (message === null)
          throw new CommandFault(
            `${what} is not in the archive (yet): the archiver writes at least every ${settingsOf(globalsOf(command)).archive.flushAfter}.`,
          )
        if (options.output === undefined) process.stdout.write(message.value ?? Buffer.alloc(0))
        else {
          const { writeFile } = await import('node:fs/promises')
          await writeFile(options.output, message.value ?? Buffer.alloc(0))
          process.stderr.write(
            `${options.output}: ${message.value?.byteLength ?? 0} bytes, arrived ${new Date(message.timeMs).toISOString()}\n`,
          )
        }
      })
    })
  archive
    .command('verify')
    .description('prove that the archive has no gap and no overlap, byte for byte')
    .option('--feed <feed>', 'only this feed')
    .option('--wait <seconds>', 'wait this long for the archiver to write what the log has', '0')
    .addHelpText(
      'after',
      '\nExit code 0 only when all that is archived is whole, and with --wait nothing waits any more.\n\nExample:\n  dateline archive verify --wait 40',
    )
    .action(async (options: { readonly feed?: string; readonly wait: string }, command: Command) => {
      await withEngines(command, async ({ engines, isJson }) => {
        const { verifyArchive } = await import('@dateline/archive')
        await requireFeed(engines.log, options.feed)
        const waitMs = numberOption('--wait', options.wait) * 1_000
        const deadline = Date.now() + waitMs
        const look = () =>
          verifyArchive(engines.archive, {
            log: engines.log,
            ...(options.feed === undefined ? {} : { feed: options.feed }),
          })
        let report = await look()
        while (report.isWhole && (report.waiting ?? 0) > 0 && Date.now() < deadline) {
          await sleep(500)
          report = await look()
        }
        if (isJson) printJson(report)
        else show(report, settingsOf(globalsOf(command)).archive.flushAfter)
        if (!report.isWhole || (waitMs > 0 && (report.waiting ?? 0) > 0)) process.exitCode = 1
      })
    })
}

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
    if (line.fault !== null) print(paint.red(`${line.topic}/${line.partition}: ${line.fault}`))
  if (!report.isWhole) print(paint.red('The archive is not whole.'))
  else if (report.objects > 0)
    print(paint.green(`What is archived is whole: ${report.messages} messages in ${report.objects} objects.`))
  else print('Nothing is archived yet.')
  const waiting = report.waiting ?? 0
  if (waiting > 0)
    print(
      paint.yellow(
        `${waiting === 1 ? '1 message waits' : `${waiting} messages wait`} in the log for the archiver, which writes at least every ${flushAfter}.`,
      ),
    )
}

async function withEngines(
  command: Command,
  work: (given: {
    readonly engines: Awaited<ReturnType<typeof import('../open-engines.ts').openEngines>>
    readonly isJson: boolean
  }) => Promise<void>,
): Promise<void> {
  const globals = globalsOf(command)
  const { openEngines } = await import('../open-engines.ts')
  const engines = await openEngines(settingsOf(globals), { dataDir: globals.data, log: silentLogger, isReadOnly: true })
  try {
    await work({ engines, isJson: globals.json })
  } finally {
    await engines.close()
  }
}
