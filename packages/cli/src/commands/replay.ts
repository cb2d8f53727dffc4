import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { askDoor } from '../ask-door.ts'
import { CommandFault } from '../fault.ts'
import { type Globals, globalsOf } from '../globals.ts'
import { numberOption } from '../number-option.ts'
import { print, printJson } from '../output.ts'
import { percentOf, printReplay, printReplays, type ShownReplay } from '../replay-view.ts'

interface StartOptions {
  readonly name?: string
  readonly feed?: string[]
  readonly since?: string
  readonly until?: string
  readonly story?: string[]
  readonly receipt?: string[]
  readonly rejected?: boolean
  readonly reason?: string
  readonly from?: string
  readonly preview?: boolean
  readonly perSecond?: string
  readonly bytesPerSecond?: string
  readonly toSubscription?: string
  readonly toTopic?: string
  readonly newest?: boolean
  readonly watch?: boolean
  readonly key?: string
}

const keyHelp = 'key of an operator (default: DATELINE_KEY, else the operator key in the data directory)'
const watchHelp = 'stay, and show how far it is, until it is over or waits for somebody'

export function addReplay(program: Command): void {
  const replay = program
    .command('replay')
    .description('take archived or logged messages through the present code again')
  replay
    .command('start')
    .description('ask for a replay: first a preview that publishes nothing, then it waits for `confirm`')
    .option('--name <name>', 'what to call it')
    .option('--feed <feed...>', 'only these feeds')
    .option('--since <time>', 'what was received at this time or later (RFC 3339, or a day of UTC)')
    .option('--until <time>', 'what was received before')
    .option('--story <key...>', 'the present version of these stories')
    .option('--receipt <id...>', 'the messages of these receipts')
    .option('--rejected', 'rejected messages that are open')
    .option('--reason <reason>', 'with --rejected: only this reason')
    .option('--from <place>', 'archive (and the log, for what is not archived yet) or log', 'archive')
    .option('--preview', 'look first, and wait for `confirm`: so it is unless --no-preview says otherwise')
    .option('--no-preview', 'publish at once')
    .option('--per-second <n>', 'most items published a second')
    .option('--bytes-per-second <n>', 'most bytes published a second')
    .option('--to-subscription <name>', 'deliver published stories again, to this subscription alone')
    .option('--to-topic <name>', 'deliver published stories again, to the topic stories.replay.<name>')
    .option('--newest', 'deliver again only what is the newest of its story')
    .option('--watch', watchHelp)
    .option('--key <key>', keyHelp)
    .addHelpText(
      'after',
      '\nExamples:\n  dateline replay start --feed anp-newsml --since 2026-11-24T08:00:00Z --until 2026-11-24T09:00:00Z --watch\n  dateline replay start --story anp:ANPX-101218-041\n  dateline replay start --since 2026-11-24T08:00:00Z --to-subscription buitenland',
    )
    .action(async (options: StartOptions, command: Command) => {
      const globals = globalsOf(command)
      const { key } = options
      const started = await askDoor<ShownReplay>(globals, '/v1/replays', { key, method: 'POST', body: specOf(options) })
      await show(globals, started, options)
    })
  replay
    .command('ls')
    .description('all replays, the newest first')
    .option('--key <key>', keyHelp)
    .action(async (options: { readonly key?: string }, command: Command) => {
      const globals = globalsOf(command)
      const { replays } = await askDoor<{ readonly replays: readonly ShownReplay[] }>(globals, '/v1/replays', options)
      if (globals.json) for (const one of replays) printJson(one)
      else printReplays(replays)
    })
  replay
    .command('show')
    .argument('<name or id>')
    .description('how far it is, what it found, and who asked for what')
    .option('--watch', watchHelp)
    .option('--key <key>', keyHelp)
    .action(async (id: string, options: { readonly watch?: boolean; readonly key?: string }, command: Command) => {
      const globals = globalsOf(command)
      await show(globals, await askDoor<ShownReplay>(globals, pathOf(id), options), options)
    })
  for (const [action, help] of [
    ['pause', 'stand still until it is resumed'],
    ['resume', 'go on'],
    ['cancel', 'end it; what was published stays'],
    ['confirm', 'publish what the preview said'],
  ] as const)
    replay
      .command(action)
      .argument('<name or id>')
      .description(help)
      .option('--watch', watchHelp)
      .option('--key <key>', keyHelp)
      .action(async (id: string, options: { readonly watch?: boolean; readonly key?: string }, command: Command) => {
        const globals = globalsOf(command)
        const path = `${pathOf(id)}/${action}`
        await show(globals, await askDoor<ShownReplay>(globals, path, { ...options, method: 'POST' }), options)
      })
}

const pathOf = (id: string): string => `/v1/replays/${encodeURIComponent(id)}`

function specOf(options: StartOptions): Readonly<Record<string, unknown>> {
  const { name, since, until, from, perSecond, bytesPerSecond, toSubscription, toTopic } = options
  if (toSubscription !== undefined && toTopic !== undefined)
    throw new CommandFault('What is delivered again goes to one reader: give --to-subscription or --to-topic.')
  if (options.reason !== undefined && options.rejected !== true)
    throw new CommandFault('--reason chooses among what was rejected: give --rejected too.')
  const to =
    toSubscription !== undefined
      ? { subscription: toSubscription }
      : toTopic !== undefined
        ? { topic: toTopic }
        : undefined
  return {
    mode: to === undefined ? 'reprocess' : 'redeliver',
    preview: options.preview !== false,
    newestOnly: options.newest === true,
    ...present({
      name,
      since: instantOf('--since', since),
      until: instantOf('--until', until),
      from,
      to,
      feeds: options.feed,
      stories: options.story,
      receipts: options.receipt,
    }),
    ...(options.rejected === true ? { rejected: present({ reason: options.reason }) } : {}),
    ...(perSecond === undefined ? {} : { perSecond: numberOption('--per-second', perSecond) }),
    ...(bytesPerSecond === undefined ? {} : { bytesPerSecond: numberOption('--bytes-per-second', bytesPerSecond) }),
  }
}

/** A day alone begins at midnight UTC. */
function instantOf(option: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const time = /^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00:00Z` : given
  if (/^\d{4}-\d\d-\d\dT/.test(time) && !Number.isNaN(Date.parse(time))) return time
  throw new CommandFault(`${option} ${given} is not a time: write it as 2026-11-24 (UTC) or 2026-11-24T08:00:00+01:00.`)
}

const present = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

const moving = new Set(['waiting', 'previewing', 'publishing'])

async function show(
  globals: Globals,
  first: ShownReplay,
  { watch, key }: { readonly watch?: boolean; readonly key?: string },
): Promise<void> {
  const last = watch === true ? await watched(globals, first, key) : first
  if (globals.json) printJson(last)
  else if (watch !== true && last.state === 'waiting')
    print(`${last.name} waits for its turn. Look with \`dateline replay show ${last.name}\`.`)
  else printReplay(last)
  if (last.state === 'failed') process.exitCode = 1
}

/** Asks until it is over, or waits for an operator; with a bar on a terminal. */
async function watched(globals: Globals, first: ShownReplay, key: string | undefined): Promise<ShownReplay> {
  const bar = globals.json || !process.stderr.isTTY ? null : await openBar()
  let last = first
  while (moving.has(last.state)) {
    bar?.update(percentOf(last), { state: last.held ?? last.state, left: last.secondsLeft ?? '?' })
    await sleep(300)
    last = await askDoor<ShownReplay>(globals, pathOf(first.id), { key })
  }
  bar?.update(percentOf(last), { state: last.state, left: 0 })
  bar?.stop()
  return last
}

async function openBar() {
  const { default: progress } = await import('cli-progress')
  const bar = new progress.SingleBar({ format: '{bar} {percentage} %  {left} s left  {state}', stream: process.stderr })
  bar.start(100, 0, { state: 'waiting', left: '?' })
  return bar
}
