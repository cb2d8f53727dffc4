import { basename } from 'node:path'
import type { Command } from 'commander'
import { globalsOf } from '../globals.ts'
import { numberOption } from '../number-option.ts'
import { paint, print, printJson, safe } from '../output.ts'
import { readMessage } from '../read-message.ts'

interface PushOptions {
  readonly feed: string
  readonly key?: string
  readonly type?: string
  readonly wait: string
}

export function addPush(program: Command): void {
  program
    .command('push')
    .argument('<file...>', 'wire messages, one a file; - reads standard input')
    .requiredOption('--feed <feed>', 'the feed they belong to')
    .option('--key <key>', 'key of the feed (default: DATELINE_KEY, else the operator key in the data directory)')
    .option('--type <media type>', 'content type of the messages')
    .option('--wait <seconds>', 'wait for the outcomes (0: do not)', '10')
    .description('push wire messages to a running instance and say what became of them')
    .addHelpText(
      'after',
      '\nExit code 0: everything was accepted and nothing was rejected.\n\nExample:\n  dateline push message.xml --feed anp-newsml',
    )
    .action(async (files: readonly string[], options: PushOptions, command: Command) => {
      const globals = globalsOf(command)
      const { connect, Refusal } = await import('@dateline/client')
      const { keyFor } = await import('../key-for.ts')
      const waitMs = numberOption('--wait', options.wait) * 1_000
      const client = connect({ url: globals.url, key: await keyFor(options.key, globals.data) })
      for (const file of files) {
        try {
          await pushFile(file)
        } catch (error) {
          // What is wrong with one file stops no other; an instance that is away stops them all.
          if (!(error instanceof Refusal && error.status === 400)) throw error
          process.stderr.write(`dateline: ${file}: ${error.message}\n`)
          process.exitCode = 1
        }
      }

      async function pushFile(file: string): Promise<void> {
        const bytes = await readMessage(file)
        const pushed = await client.push(options.feed, bytes, {
          ...(options.type === undefined ? {} : { contentType: options.type }),
          name: basename(file),
        })
        const receipt = waitMs > 0 ? await client.waitForOutcomes(pushed.receipt, waitMs) : null
        const outcomes = receipt?.outcomes ?? []
        if (globals.json) printJson({ file, receipt: pushed.receipt, state: receipt?.state ?? 'accepted', outcomes })
        else {
          print(`${file}: accepted, receipt ${pushed.receipt}`)
          for (const outcome of outcomes)
            print(
              `  ${mark(outcome.outcome)} ${outcome.outcome}${outcome.reason === undefined ? '' : ` (${outcome.reason})`}  ${safe(outcome.storyKey ?? outcome.detail ?? '')}`,
            )
          if (receipt !== null && receipt.state === 'pending')
            print('  not finished yet: ask again with the receipt, or look at `dateline audit`')
        }
        if (outcomes.some((outcome) => outcome.outcome === 'rejected')) process.exitCode = 1
      }
    })
}

function mark(outcome: string): string {
  if (outcome === 'published') return paint.green('●')
  if (outcome === 'rejected') return paint.red('✗')
  return paint.yellow('○')
}
