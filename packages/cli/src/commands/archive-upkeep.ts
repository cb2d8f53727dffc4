import type { KeptChain } from '@dateline/archiver'
import { feedFrom } from '@dateline/runtime'
import type { Command } from 'commander'
import { requireFeed } from '../known-feed.ts'
import { paint, print, printJson, table } from '../output.ts'
import { withEngines } from '../with-engines.ts'

export function addArchiveIndex(archive: Command): void {
  archive
    .command('index')
    .description('make the index beside every object that has none: which stories its messages hold')
    .option('--feed <feed>', 'only this feed')
    .option('--anew', 'make all of them again', false)
    .addHelpText(
      'after',
      '\nThe archiver does this by itself, every archive.upkeepEvery.\n\nExample:\n  dateline archive index --anew',
    )
    .action(async (options: { readonly feed?: string; readonly anew: boolean }, command: Command) => {
      await withEngines(command, async ({ engines, settings, isJson }) => {
        const { archiveChains, indexChain } = await import('@dateline/archive')
        const { storiesIn } = await import('@dateline/archiver')
        await requireFeed(engines.log, options.feed)
        let made = 0
        for await (const { chain } of archiveChains(
          engines.archive,
          options.feed === undefined ? {} : { feed: options.feed },
        ))
          if (chain !== null)
            made += await indexChain(engines.archive, chain, {
              isAnew: options.anew,
              storiesIn: storiesIn((name) => feedFrom(name, settings)),
            })
        if (isJson) printJson({ made })
        else print(made === 0 ? 'Every object has its index.' : `Made the index of ${made} objects.`)
      })
    })
}

export function addArchiveUpkeep(archive: Command): void {
  archive
    .command('upkeep')
    .description("one round of upkeep now: a supplier's retention, joining a day's objects, indexes")
    .option('--feed <feed>', 'only this feed')
    .addHelpText(
      'after',
      "\nRemoves what a supplier's `retention` no longer allows to keep. The archiver does this by itself, every archive.upkeepEvery.\nExit code 1 where something is left to a person.\n\nExample:\n  dateline archive upkeep --feed anp-newsml",
    )
    .action(async (options: { readonly feed?: string }, command: Command) => {
      await withEngines(command, async ({ engines, settings, isJson }) => {
        const { keepArchive, keepOptions } = await import('@dateline/archiver')
        await requireFeed(engines.log, options.feed)
        const rows: KeptChain[] = []
        for await (const kept of keepArchive(engines.archive, {
          ...keepOptions(settings, Date.now()),
          ...(options.feed === undefined ? {} : { feed: options.feed }),
        })) {
          if (isJson) printJson(kept)
          else rows.push(kept)
          if (kept.trouble !== null) process.exitCode = 1
        }
        if (!isJson) show(rows)
      })
    })
}

function show(rows: readonly KeptChain[]): void {
  if (rows.length === 0) {
    print('Nothing is archived yet.')
    return
  }
  print(
    table(
      ['topic', 'partition', 'kept no longer', 'joined', 'into', 'removed', 'indexed'],
      rows.map((kept) => [
        kept.topic,
        kept.partition,
        kept.removedMessages || '·',
        kept.joined || '·',
        kept.made || '·',
        kept.swept || '·',
        kept.indexed || '·',
      ]),
    ),
  )
  for (const { topic, partition, trouble } of rows)
    if (trouble !== null) print(paint.red(`${topic}/${partition}: ${trouble}`))
}
