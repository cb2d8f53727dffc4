import type { Replay, ReplayPhase } from '@dateline/replay'
import { paint, print, safe, table } from './output.ts'

/** A replay as the door tells of it. */
export interface ShownReplay extends Pick<Replay, 'id' | 'name' | 'state' | 'spec' | 'by' | 'at' | 'total'> {
  readonly history: Replay['wish']['history']
  readonly passed: number
  readonly secondsLeft: number | null
  readonly held: string | null
  readonly preview: ReplayPhase | null
  readonly publish: ReplayPhase | null
  readonly fault?: string
}

export const percentOf = ({ passed, total, state }: ShownReplay): number =>
  state === 'done' ? 100 : total === 0 ? 0 : Math.min(100, Math.floor((passed / total) * 100))

export function printReplays(replays: readonly ShownReplay[]): void {
  if (replays.length === 0) {
    print('There is no replay yet.')
    return
  }
  const rows = replays.map((replay) => [
    replay.name,
    replay.spec.mode,
    replay.state,
    `${percentOf(replay)} %`,
    replay.secondsLeft === null ? '-' : `${replay.secondsLeft} s`,
    replay.by,
    replay.at,
    replay.id,
  ])
  print(table(['name', 'mode', 'state', 'done', 'left', 'by', 'asked', 'id'], rows))
}

export function printReplay(replay: ShownReplay): void {
  print(
    `${paint.bold(replay.name)}  ${replay.spec.mode}  ${replay.state}, ${percentOf(replay)} %  ${paint.dim(replay.id)}`,
  )
  for (const { at, by, action } of replay.history) print(paint.dim(safe(`${at}  ${action} by ${by}`)))
  if (replay.held !== null) print(paint.yellow(`Stands still: ${replay.held}.`))
  if (replay.fault !== undefined) print(paint.red(safe(replay.fault)))
  if (replay.preview !== null) printPhase('Preview', replay.preview)
  if (replay.publish !== null) printPhase('Published', replay.publish)
  if (replay.state === 'ready')
    print(`\nNothing was published yet: \`dateline replay confirm ${replay.name}\` does it.`)
  if (replay.state === 'done' && replay.publish === null) print('\nNothing would change, and nothing was published.')
}

const columns = [
  'messages',
  'stories',
  'same',
  'older',
  'changed',
  'accepted',
  'rejected',
  'stillRejected',
  'ignored',
  'waiting',
  'unknown',
  'sent',
] as const

function printPhase(name: string, { feeds, examples }: ReplayPhase): void {
  print(`\n${name}`)
  const shown = columns.filter((column) => Object.values(feeds).some((counts) => counts[column] > 0))
  const rows = Object.entries(feeds).map(([feed, counts]) => [feed, ...shown.map((column) => counts[column] || '·')])
  print(rows.length === 0 ? 'No message was received in that time.' : table(['feed', ...shown], rows))
  for (const example of examples) {
    print(
      `${paint.yellow(example.kind)} ${safe(example.storyKey || example.position)}  ${paint.dim(safe(example.detail ?? ''))}`,
    )
    for (const { field, before, after } of example.fields)
      print(`  ${field}: ${paint.red(safe(before ?? '(absent)'))} ${paint.green(safe(after ?? '(absent)'))}`)
  }
}
