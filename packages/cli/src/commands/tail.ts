import type { Command } from 'commander'
import { globalsOf } from '../globals.ts'
import { numberOption } from '../number-option.ts'
import { print, printJson } from '../output.ts'

interface TailOptions {
  readonly key?: string
  readonly after?: string
  readonly fromStart: boolean
  readonly limit?: string
}

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('follow the published stories of a running instance')
    .option('--from-start', 'begin with the oldest story kept', false)
    .option('--after <cursor>', 'begin behind this cursor')
    .option('--limit <n>', 'end after so many events')
    .option('--key <key>', 'key of a reader (default: DATELINE_KEY, else the operator key in the data directory)')
    .addHelpText('after', '\nExamples:\n  dateline tail\n  dateline tail --from-start --json | jq .data.headlines')
    .action(async (options: TailOptions, command: Command) => {
      const globals = globalsOf(command)
      const { connect } = await import('@dateline/client')
      const { keyFor } = await import('../key-for.ts')
      const { eventLine } = await import('../event-line.ts')
      const client = connect({ url: globals.url, key: await keyFor(options.key, globals.data) })
      const stop = new AbortController()
      process.once('SIGINT', () => stop.abort())
      let left = options.limit === undefined ? Number.POSITIVE_INFINITY : numberOption('--limit', options.limit)
      const after = options.after ?? (options.fromStart ? 'start' : undefined)
      let isSaid = false
      const onReconnect = (): void => {
        if (!isSaid)
          process.stderr.write(
            `dateline: no stream from ${globals.url}; it is tried again until Ctrl-C. Start an instance with \`dateline up\`, or say with --url where it is.\n`,
          )
        isSaid = true
      }
      for await (const event of client.follow({
        signal: stop.signal,
        onReconnect,
        ...(after === undefined ? {} : { after }),
      })) {
        isSaid = false
        if (globals.json) printJson(event)
        else print(eventLine(event))
        left -= 1
        if (left <= 0) break
      }
    })
}
