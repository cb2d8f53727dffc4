import type { ArchivedObject } from '@dateline/archive'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { requireFeed } from '../known-feed.ts'
import { print, printJson, table } from '../output.ts'
import { withEngines } from '../with-engines.ts'

interface LsOptions {
  readonly feed?: string
  readonly day?: string
  readonly sort: string
}

const dayMs = 86_400_000

export function addArchiveLs(archive: Command): void {
  archive
    .command('ls')
    .description('list the objects: partition, offsets, messages, size')
    .option('--feed <feed>', 'only this feed')
    .option('--day <date>', 'only objects with messages that arrived on this day (UTC)')
    .option('--sort <by>', 'position, or size: the largest first', 'position')
    .addHelpText('after', '\nExample:\n  dateline archive ls --feed anp-newsml --day 2026-11-24 --sort size')
    .action(async (options: LsOptions, command: Command) => {
      const range = options.day === undefined ? {} : dayRange(options.day)
      if (options.sort !== 'position' && options.sort !== 'size')
        throw new CommandFault(`--sort ${options.sort} is unknown: write position or size.`)
      await withEngines(command, async ({ engines, isJson }) => {
        const { listArchive } = await import('@dateline/archive')
        await requireFeed(engines.log, options.feed)
        const part = { ...range, ...(options.feed === undefined ? {} : { feed: options.feed }) }
        const objects: ArchivedObject[] = []
        for await (const object of listArchive(engines.archive, part)) {
          if (isJson && options.sort === 'position') printJson(object)
          else objects.push(object)
        }
        if (options.sort === 'size') objects.sort((a, b) => b.size - a.size)
        if (isJson) for (const object of objects) printJson(object)
        else show(objects, options.day)
      })
    })
}

function dayRange(day: string): { readonly sinceMs: number; readonly untilMs: number } {
  const sinceMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(sinceMs)) throw new CommandFault(`--day ${day} is not a day: write it as 2026-11-24.`)
  return { sinceMs, untilMs: sinceMs + dayMs }
}

function show(objects: readonly ArchivedObject[], day: string | undefined): void {
  if (objects.length === 0) {
    print(day === undefined ? 'Nothing is archived yet.' : `Nothing that arrived on ${day} is archived.`)
    return
  }
  const rows = objects.map((object) => [
    object.topic,
    object.partition,
    object.kind === 'messages' && object.isJoined ? 'joined' : object.kind,
    object.base,
    object.next,
    object.count,
    object.size,
    object.firstTime ?? '-',
    object.lastTime ?? '-',
  ])
  print(table(['topic', 'partition', 'kind', 'from', 'to', 'messages', 'bytes', 'first', 'last'], rows))
  const sum = (of: (object: ArchivedObject) => number): number => objects.reduce((total, one) => total + of(one), 0)
  const messages = sum((one) => (one.kind === 'messages' ? one.count : 0))
  print(`${objects.length} objects, ${messages} messages, ${sum((one) => one.size)} bytes`)
}
