import type { DropReport, RejectedEntry, RejectedGroup, RetryReport, ShownReject } from '@dateline/replay'
import type { Command } from 'commander'
import { askDoor, queryOf } from '../ask-door.ts'
import { CommandFault } from '../fault.ts'
import { globalsOf } from '../globals.ts'
import { numberOption } from '../number-option.ts'
import { paint, print, printJson, safe, table } from '../output.ts'
import type { ReadableHead } from '../readable-head.ts'

interface Filter {
  readonly feed?: string
  readonly reason?: string
  readonly since?: string
  readonly until?: string
  readonly key?: string
}
interface Handling extends Filter {
  readonly all?: boolean
  readonly limit: string
  readonly dryRun?: boolean
}

export function addRejected(program: Command): void {
  const rejected = program.command('rejected').description('messages that could not be read, and what to do about them')
  filtered(rejected.command('ls'))
    .description('how many there are, by feed and reason')
    .option('--messages', 'the messages themselves, the newest last')
    .action(async (options: Filter & { readonly messages?: boolean }, command: Command) => {
      if (options.messages === true) await listMessages(options, command)
      else await listGroups(options, command)
    })
  rejected
    .command('show')
    .argument('<id>', 'rej_… as ls --messages prints it, the receipt (rcp_…) that push prints, or a position')
    .description('why a message was rejected, what was done about it, and the beginning of its bytes')
    .option('--key <key>', keyHelp)
    .action(async (id: string, options: { readonly key?: string }, command: Command) => {
      const globals = globalsOf(command)
      const shown = await askDoor<ShownReject>(globals, `/v1/rejected/messages/${encodeURIComponent(id)}`, options)
      const all = [shown]
      // A receipt or a position means every item of its message; an id only itself.
      for (const other of id === shown.id ? [] : shown.others)
        all.push(await askDoor<ShownReject>(globals, `/v1/rejected/messages/${encodeURIComponent(other)}`, options))
      const { readableHead } = await import('../readable-head.ts')
      for (const one of all) {
        const { headBase64, bytes: totalBytes, contentType } = one
        if (globals.json) printJson(one)
        else showOne(one, readableHead(Buffer.from(headBase64, 'base64'), { totalBytes, contentType }))
      }
    })
  handled(rejected.command('retry'))
    .description('take rejected messages through the present code again; twice the same changes nothing twice')
    .option('--resting', 'those too that were retried often enough in vain')
    .addHelpText(
      'after',
      '\nExit code 1 when some were rejected again.\n\nExamples:\n  dateline rejected retry --feed anp-newsml --dry-run\n  dateline rejected retry --reason unknown-format',
    )
    .action(async (ids: readonly string[], options: Handling & { readonly resting?: boolean }, command: Command) => {
      const globals = globalsOf(command)
      const body = { ...bodyOf(ids, options), resting: options.resting === true }
      const report = await askDoor<RetryReport>(globals, '/v1/rejected/retry', { ...options, method: 'POST', body })
      if (globals.json) printJson(report)
      else showRetry(report, options.dryRun === true)
      showNamed(report, ids, globals.json)
      if (report.results.some(({ result }) => result !== 'accepted' && result !== 'ignored')) process.exitCode = 1
    })
  handled(rejected.command('drop'))
    .description('say that nobody wants them; who said so and why is kept')
    .option('--why <text>', 'why nobody wants them; a dry run needs none')
    .addHelpText('after', '\nExample:\n  dateline rejected drop --reason empty --why "ping of the new line"')
    .action(async (ids: readonly string[], options: Handling & { readonly why?: string }, command: Command) => {
      const globals = globalsOf(command)
      const body = { ...bodyOf(ids, options), why: options.why }
      if (options.why === undefined && options.dryRun !== true)
        throw new CommandFault('Say why nobody wants them: --why "ping of the new line".')
      const report = await askDoor<DropReport>(globals, '/v1/rejected/drop', { ...options, method: 'POST', body })
      if (globals.json) printJson(report)
      else {
        print(`${options.dryRun === true ? 'Would drop' : 'Dropped'} ${report.dropped.length}.${leftOver(report.left)}`)
      }
      showNamed(report, ids, globals.json)
    })
}

const keyHelp = 'key of an operator (default: DATELINE_KEY, else the operator key in the data directory)'

function filtered(command: Command): Command {
  return command
    .option('--feed <feed>', 'only this feed')
    .option('--reason <reason>', 'only this reason')
    .option('--since <time>', 'only what was received since (RFC 3339)')
    .option('--until <time>', 'only what was received before')
    .option('--key <key>', keyHelp)
}

function handled(command: Command): Command {
  return filtered(command.argument('[id...]', 'ids, receipts or positions; none: all that the options choose'))
    .option('--all', 'every rejected message, where nothing else chooses')
    .option('--limit <n>', 'most messages at once, up to 1000', '1000')
    .option('--dry-run', 'look what would happen, and change nothing')
}

function bodyOf(ids: readonly string[], options: Handling): Readonly<Record<string, unknown>> {
  const { feed, reason, since, until, all } = options
  const filter = { feed, reason, since, until, ...(ids.length > 0 ? { ids } : {}) }
  if (all !== true && Object.values(filter).every((value) => value === undefined))
    throw new CommandFault('Say which: ids, --feed, --reason, --since or --until; or --all.')
  return {
    ...filter,
    ...(all === true ? { all } : {}),
    limit: numberOption('--limit', options.limit),
    dryRun: options.dryRun === true,
  }
}

async function listGroups({ key, ...filter }: Filter, command: Command): Promise<void> {
  const globals = globalsOf(command)
  const { feed, reason, since, until } = filter
  const path = `/v1/rejected${queryOf({ feed, reason, since, until })}`
  const { groups } = await askDoor<{ readonly groups: readonly RejectedGroup[] }>(globals, path, { key })
  if (globals.json) {
    for (const group of groups) printJson(group)
    return
  }
  if (groups.length === 0) {
    const isChosen = [feed, reason, since, until].some((value) => value !== undefined)
    print(`Nothing${isChosen ? ' that these options choose' : ''} was rejected in the time that the log keeps.`)
    return
  }
  const rows = groups.map((group) => [
    group.feed,
    group.reason,
    group.open || '·',
    group.resting || '·',
    group.retried || '·',
    group.dropped || '·',
    group.first,
    group.last,
  ])
  print(table(['feed', 'reason', 'open', 'resting', 'retried', 'dropped', 'first', 'last'], rows))
}

async function listMessages({ key, ...filter }: Filter, command: Command): Promise<void> {
  const globals = globalsOf(command)
  const { feed, reason, since, until } = filter
  const path = `/v1/rejected/messages${queryOf({ feed, reason, since, until })}`
  const { messages, more } = await askDoor<{ readonly messages: readonly RejectedEntry[]; readonly more: number }>(
    globals,
    path,
    { key },
  )
  if (globals.json) {
    for (const message of messages) printJson(message)
    return
  }
  const rows = messages.map((one) => [one.receivedAt, one.feed, one.reason, one.state, one.tries, one.bytes, one.id])
  print(table(['received', 'feed', 'reason', 'state', 'tries', 'bytes', 'id'], rows))
  if (more > 0) print(paint.yellow(`${more} older ones are not shown: narrow it with --feed, --reason or --since.`))
}

function showOne(shown: ShownReject, { text, isCut }: ReadableHead): void {
  print(`${paint.bold(shown.reason)}  ${shown.feed}  ${shown.state}, ${shown.tries} tries`)
  print(`step ${shown.step}, received ${shown.receivedAt}, ${shown.bytes} bytes, ${shown.writer}`)
  print(paint.dim(safe(shown.position)))
  print(safe(shown.detail))
  for (const note of shown.notes)
    print(paint.dim(safe(`${note.at}  ${note.action} by ${note.by}${note.why === undefined ? '' : `: ${note.why}`}`)))
  print(`\n${text}`)
  if (!isCut) return
  const [message] = shown.position.split('#')
  print(paint.dim(`\nThe beginning of ${shown.bytes} bytes. All: dateline archive get '${message}' --output FILE`))
}

function showRetry({ results, resting, left }: RetryReport, isDryRun: boolean): void {
  const count = (kind: RetryReport['results'][number]['result']): number =>
    results.filter(({ result }) => result === kind).length
  for (const { result, reason, detail, id, tries } of results.slice(0, 20))
    if (result === 'failed') print(`${paint.red('again')} ${id}  try ${tries}: ${reason} — ${safe(detail ?? '')}`)
    else if (result === 'gone') print(`${paint.red('gone')} ${id}: its bytes are neither in the log nor in the archive`)
  const verb = isDryRun ? 'would be accepted' : 'accepted'
  print(
    `${count('accepted')} ${verb}, ${count('failed')} rejected again, ${count('ignored')} ignored, ${count('gone')} gone.${leftOver(left)}`,
  )
  if (resting > 0)
    print(paint.yellow(`${resting} rest: they were retried often enough in vain. --resting takes them too.`))
}

/** What came of the ids that nothing could be done about; ends with exit code 1 where none of them was found. */
function showNamed(
  { unknown, settled }: Pick<DropReport, 'unknown' | 'settled'>,
  ids: readonly string[],
  isJson: boolean,
): void {
  if (!isJson) {
    for (const { id, state } of settled) print(paint.yellow(`${id} is ${state} already.`))
    for (const id of unknown)
      print(paint.red(`There is no rejected message ${safe(id)}, or the log does not keep it any more.`))
  }
  if (ids.length > 0 && unknown.length === new Set(ids).size) process.exitCode = 1
}

const leftOver = (left: number): string => (left === 0 ? '' : ` ${left} are left for another time (--limit).`)
