import type { StoryEvent } from '@dateline/client'
import { feedFrom } from '@dateline/runtime'
import type { Command } from 'commander'
import { CommandFault } from '../fault.ts'
import { globalsOf } from '../globals.ts'
import { paint, print, printJson, safe, table } from '../output.ts'
import type { ReceivedVersion } from '../story/received-versions.ts'
import { withEngines } from '../with-engines.ts'

interface StoryOptions {
  readonly key?: string
  readonly received: boolean
}

export function addStory(program: Command): void {
  program
    .command('story')
    .argument('<key>', 'story key: <supplier>:<id>')
    .description('every event of a story that the log keeps, and where it came from')
    .option(
      '--received',
      'every version ever received, from the log and the archive, when an embargo released it, and to whom it was delivered',
      false,
    )
    .option('--key <key>', 'key of a reader (default: DATELINE_KEY, else the operator key in the data directory)')
    .addHelpText(
      'after',
      '\nExamples:\n  dateline story anp:ANPX-101218-041\n  dateline story anp:ANPX-101218-041 --received',
    )
    .action(async (storyKey: string, options: StoryOptions, command: Command) => {
      if (options.received) {
        await received(storyKey, command)
        return
      }
      const globals = globalsOf(command)
      const { connect } = await import('@dateline/client')
      const { keyFor } = await import('../key-for.ts')
      const events = await connect({ url: globals.url, key: await keyFor(options.key, globals.data) }).history(storyKey)
      if (globals.json) for (const event of events) printJson(event)
      else show(events)
    })
}

/** Asks the engines, not a running instance: what was rejected or stale is no event. */
async function received(storyKey: string, command: Command): Promise<void> {
  await withEngines(command, async ({ engines, settings, isJson }) => {
    const { receivedVersions } = await import('../story/received-versions.ts')
    const { storiesIn } = await import('@dateline/archiver')
    const supplier = storyKey.split(':')[0] ?? ''
    const versions = await receivedVersions(engines, storyKey, {
      isOf: (feed) => feedFrom(feed, settings).supplier === supplier,
      storiesIn: storiesIn((name) => feedFrom(name, settings)),
    })
    if (versions.length === 0) throw new CommandFault(`Nothing of ${safe(storyKey)} was received that is still kept.`)
    if (isJson) for (const version of versions) printJson(version)
    else showReceived(versions, settings.suppliers[supplier]?.timezone ?? 'UTC')
  })
}

function showReceived(versions: readonly ReceivedVersion[], zone: string): void {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const both = (time: string): string => `${local.format(new Date(time))} ${zone}, ${time}`
  for (const one of versions) {
    const outcome = one.outcome === null ? 'its receipt is no longer kept' : `${one.outcome}, ${one.reason}`
    const seq = one.storySeq === null ? '' : `, event ${one.storySeq}`
    print(`${paint.bold(`version ${safe(one.version ?? '-')}`)}  ${outcome}${seq}`)
    print(`  received  ${both(one.receivedAt)}`)
    if (one.released !== null) print(`  released  ${both(one.released.at)}, event ${one.released.storySeq}`)
    print(`  position  ${one.position}${one.attempt === '0' ? '' : ` (attempt ${one.attempt})`}`)
    print(`  archive   ${one.object ?? 'not archived (yet), or removed'}`)
    for (const { subscription, result, at } of one.deliveries)
      print(`  webhook   ${safe(subscription)}: ${result}, ${at}`)
  }
}

function show(events: readonly StoryEvent[]): void {
  print(
    table(
      ['seq', 'time', 'event', 'version', 'revision', 'change', 'lane', 'position'],
      events.map((event) => [
        event.storyseq,
        event.time,
        event.type.replace('dateline.story.', ''),
        safe(event.storyversion ?? '-'),
        event.revision ?? '-',
        event.change ?? '-',
        event.lane ?? '-',
        event.position ?? '-',
      ]),
    ),
  )
  const newest = events.at(-1)?.data
  for (const headline of newest?.headlines ?? []) print(`\n${safe(headline.value)}`)
  const text = newest?.bodies?.find((body) => body.contentType === 'text/plain')?.value
  if (text !== undefined) print(`\n${safe(text)}`)
  if (newest?.edNote !== undefined) print(`\nNote: ${safe(newest.edNote)}`)
}
