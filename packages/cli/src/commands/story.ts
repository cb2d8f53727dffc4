import type { StoryEvent } from '@dateline/client'
import type { Command } from 'commander'
import { globalsOf } from '../globals.ts'
import { print, printJson, safe, table } from '../output.ts'

export function addStory(program: Command): void {
  program
    .command('story')
    .argument('<key>', 'story key: <supplier>:<id>')
    .description('every event of a story that the log keeps, and where it came from')
    .option('--key <key>', 'key of a reader (default: DATELINE_KEY, else the operator key in the data directory)')
    .addHelpText('after', '\nExample:\n  dateline story anp:ANPX-101218-041')
    .action(async (storyKey: string, options: { readonly key?: string }, command: Command) => {
      const globals = globalsOf(command)
      const { connect } = await import('@dateline/client')
      const { keyFor } = await import('../key-for.ts')
      const events = await connect({ url: globals.url, key: await keyFor(options.key, globals.data) }).history(storyKey)
      if (globals.json) for (const event of events) printJson(event)
      else show(events)
    })
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
