import { setTimeout as sleep } from 'node:timers/promises'
import { silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import type { AuditReport } from '../audit/audit.ts'
import { CommandFault } from '../fault.ts'
import { globalsOf, settingsOf } from '../globals.ts'
import { requireFeed } from '../known-feed.ts'
import { numberOption } from '../number-option.ts'
import { paint, print, printJson, table } from '../output.ts'

interface AuditOptions {
  readonly feed?: string
  readonly since?: string
  readonly wait: string
}

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('prove that every item received has one outcome, per feed and hour')
    .option('--feed <feed>', 'only this feed')
    .option('--since <time>', 'only what arrived since (RFC 3339)')
    .option('--wait <seconds>', 'wait this long for the workers to pass what is there', '0')
    .addHelpText(
      'after',
      '\nExit code 0: it adds up. 1: something is missing, or the workers have not passed it yet.\n\nExample:\n  dateline audit --json',
    )
    .action(async (options: AuditOptions, command: Command) => {
      const globals = globalsOf(command)
      const sinceMs = options.since === undefined ? 0 : Date.parse(options.since)
      if (Number.isNaN(sinceMs))
        throw new CommandFault(`--since ${options.since} is not a time: write it as 2026-11-24T08:00:00Z.`)
      const waitMs = numberOption('--wait', options.wait) * 1_000
      const { openEngines } = await import('../open-engines.ts')
      const { audit } = await import('../audit/audit.ts')
      const engines = await openEngines(settingsOf(globals), {
        dataDir: globals.data,
        log: silentLogger,
        isReadOnly: true,
      })
      try {
        await requireFeed(engines.log, options.feed)
        const deadline = Date.now() + waitMs
        const look = () =>
          audit(engines.log, { sinceMs, ...(options.feed === undefined ? {} : { feed: options.feed }) })
        let report = await look()
        while (!report.addsUp && Date.now() < deadline) {
          await sleep(250)
          report = await look()
        }
        if (globals.json) printJson(report)
        else show(report)
        if (!report.addsUp) process.exitCode = 1
      } finally {
        await engines.close()
      }
    })
}

function show(report: AuditReport): void {
  if (report.messages === 0) {
    print('Nothing was received in the time that the log keeps.')
    return
  }
  const columns = ['published', 'duplicate', 'stale', 'held', 'recalled', 'rejected', 'ignored'] as const
  const rows = report.lines.map((line) => [
    line.feed,
    line.hour,
    line.messages,
    line.items,
    ...columns.map((kind) => line.outcomes[kind] || '·'),
    line.pending || '·',
    line.missing || '·',
  ])
  print(table(['feed', 'hour', 'messages', 'items', ...columns, 'not yet', 'missing'], rows))
  for (const position of report.missingAt) print(paint.red(`missing: ${position}`))
  for (const fault of report.faults) print(paint.red(fault))
  if (report.addsUp)
    print(
      paint.green(
        `It adds up: ${count(report.items, 'item')} in ${count(report.messages, 'message')}, each with one outcome: the first. What the end of an embargo, a retry or a replay did later is not counted here.`,
      ),
    )
  else if (report.missing > 0 || report.faults.length > 0)
    print(
      paint.red(`It does not add up: ${report.missing} items have no outcome although the workers have passed them.`),
    )
  else
    print(
      paint.yellow(
        `Not finished: the workers have not come to ${report.pending} items yet. Try again, or with --wait 30.`,
      ),
    )
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
