import { setTimeout as sleep } from 'node:timers/promises'
import { verifyArchive } from '@dateline/archive'
import { type EventLog, headerText } from '@dateline/ports'
import { createReplayDesk, type Replay, type ReplayCounts, type ReplayDesk } from '@dateline/replay'
import { openFeeds, readPartition } from '@dateline/runtime'
import { decodeParsedRecord } from '@dateline/story'
import { ninjsMessage } from '@dateline/testkit'
import { checkStories } from '../support/check-stories.ts'
import { type Family, inEnglish, install } from '../support/families.ts'
import type { Death } from '../support/faulty-engines.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'
import { eventually } from '../support/running.ts'
import { watchProgress } from './watch-progress.ts'

export interface ReplayRunOptions {
  readonly messages: number
  /** Replayers killed while they work. */
  readonly kills: number
  /** The present code changes every so manieth story. */
  readonly changeEvery: number
  readonly onProgress?: (text: string) => void
}

export interface ReplayRunReport {
  readonly archived: number
  readonly kills: number
  /** What the preview, which nobody disturbed, counted. */
  readonly undisturbed: ReplayCounts | null
  readonly counts: ReplayCounts | null
  readonly revisions: { readonly events: number; readonly stories: number; readonly wrong: readonly string[] }
  /** Items that the publisher was given again, because a replayer died before it had noted that they were sent. */
  readonly sentAgain: number
  /** Events that came again with the same id and bytes. */
  readonly repeats: number
  /** Offsets by which a note of the progress was behind an earlier one, at most. */
  readonly mostBack: number
  /** Between two notes of the progress: a death, the start of another replayer, and its taking over. */
  readonly longestSilenceMs: number
  readonly notes: number
  readonly faults: readonly string[]
  readonly seconds: number
}

/** A replay of archived messages of which the present code changes some, while the replayer is killed again and again as it gets on; then everything is counted. */
export async function replayRun(family: Family, options: ReplayRunOptions): Promise<ReplayRunReport> {
  const { messages, kills, changeEvery } = options
  const say = options.onProgress ?? (() => {})
  const startedMs = performance.now()
  const installation = await install(
    family,
    `suppliers: { sim: { language: nl } }
feeds: { sim: { supplier: sim } }
replay: { readPerSecond: 100000, bytesPerSecond: 100000000, latencyLimit: 60s, lagLimit: 5000 }
`,
  )
  const changed = await inEnglish(installation)
  const engines = await installation.open()
  const workers: Worker[] = []
  const start = async (config: string, services: readonly string[], die?: Death): Promise<Worker> => {
    const worker = startWorker({ config, dataDir: installation.dataDir, services, ...(die && { die }) })
    workers.push(worker)
    await worker.started
    return worker
  }
  try {
    await start(installation.config, ['normalizer', 'publisher', 'archiver'])
    await send(engines.log, messages, changeEvery)
    await require(() => eventCount(engines.log), messages, 'events')
    await require(async () => (await verifyArchive(engines.archive)).messages, messages, 'archived messages')
    say(`${messages} messages published and archived`)

    const feeds = await openFeeds(installation.settings, engines.log)
    const desk = createReplayDesk({ engines, feeds, settings: installation.settings })
    const spec = { feeds: ['sim'], perSecond: 5_000 }
    let replayer = await start(changed, ['replayer'])
    const preview = await finished(desk, await asked(desk, { ...spec, name: 'undisturbed' }), 'ready')
    say('previewed; the replay')
    const id = await asked(desk, { ...spec, name: 'killed', preview: false })
    const notes = watchProgress(engines.log, id)
    const perKill = messages / (kills + 1)
    let killed = 0
    for (; killed < kills; killed += 1) {
      if (killed % 2 === 1) await Promise.race([replayer.ended, notes.until(Number.POSITIVE_INFINITY)])
      else if (await notes.until(Math.floor(perKill * (killed + 0.5 + Math.random() / 2)))) {
        await sleep(Math.random() * 60)
        replayer.signal('SIGKILL')
        await replayer.ended
      }
      if (replayer.isAlive()) break
      say(`killed at ${notes.passed()} of ${messages}`)
      const isNextItsOwn = killed % 2 === 0 && killed + 1 < kills
      replayer = await start(changed, ['replayer'], isNextItsOwn ? dieWithin(perKill) : undefined)
    }
    const done = await finished(desk, id, 'done')
    const expected = messages + Math.ceil(messages / changeEvery)
    await eventually(
      () => eventCount(engines.log),
      (found) => found >= expected,
      120_000,
    )
    await sleep(1_000)
    await notes.stop()
    const stories = await checkStories(engines.log)
    return {
      archived: messages,
      kills: killed,
      undisturbed: preview.progress.preview?.feeds.sim ?? null,
      counts: done.progress.publish?.feeds.sim ?? null,
      revisions: await revisionsOf(engines.log, { id, messages, changeEvery, newest: stories.newest }),
      sentAgain: (await sentItems(engines.log, id)) - Math.ceil(messages / changeEvery),
      repeats: stories.repeats,
      mostBack: notes.mostBack(),
      longestSilenceMs: notes.longestSilenceMs(),
      notes: notes.count(),
      faults: stories.faults,
      seconds: Math.round((performance.now() - startedMs) / 1_000),
    }
  } finally {
    await stopWorkers(workers)
    await engines.close()
    await installation.remove()
  }
}

/** Right behind an append whose items are not noted as sent yet. Two appends or so are made for a batch. */
const dieWithin = (offsets: number): Death => ({
  at: 'after-append:stories.parsed',
  times: 1 + Math.floor((Math.random() * offsets) / batchOffsets),
})

/** What no promise allows, in words; empty when all is right. */
export function wrongWith(
  report: ReplayRunReport,
  { messages, kills, changeEvery }: ReplayRunOptions,
): readonly string[] {
  const { undisturbed, counts, revisions } = report
  const changed = Math.ceil(messages / changeEvery)
  const expected = {
    messages,
    stories: messages,
    same: messages - changed,
    changed,
    older: 0,
    accepted: 0,
    rejected: 0,
  }
  const differing = (given: ReplayCounts | null, what: string): readonly string[] =>
    Object.entries(expected).flatMap(([name, value]) => {
      const found = given?.[name as keyof ReplayCounts]
      return found === value ? [] : [`${what}: ${name} is ${found} and should be ${value}`]
    })
  return [
    ...differing(undisturbed, 'undisturbed'),
    ...differing(counts, 'killed'),
    ...(counts?.sent === changed ? [] : [`${counts?.sent} of ${changed} were noted as sent`]),
    ...(revisions.stories === changed ? [] : [`${revisions.stories} stories of ${changed} were revised`]),
    ...revisions.wrong,
    ...report.faults,
    ...(report.kills === kills ? [] : [`only ${report.kills} kills of ${kills}`]),
    ...(report.mostBack > batchOffsets ? [`the progress went back by ${report.mostBack} offsets`] : []),
  ]
}

/** Messages that a replay takes at once. */
const batchOffsets = 50

const uriOf = (index: number): string => `https://sim.example/${index}`

/** Those that change say no language, and are too short to tell it by: they have the one that the settings say. */
async function send(log: EventLog, messages: number, changeEvery: number): Promise<void> {
  for (let from = 0; from < messages; from += 200)
    await log.append(
      Array.from({ length: Math.min(200, messages - from) }, (_unused, index) => {
        const uri = uriOf(from + index)
        const extra = (from + index) % changeEvery === 0 ? { language: undefined } : {}
        return { topic: 'wire.sim', key: uri, value: ninjsMessage({ uri, body: '<p>Kort.</p>', extra }) }
      }),
    )
}

/** How often the publisher was given an item of the replay. */
async function sentItems(log: EventLog, id: string): Promise<number> {
  let count = 0
  for (const { partition } of await log.offsets('stories.parsed'))
    for await (const { value } of readPartition(log, 'stories.parsed', partition)) {
      const line = value === null ? undefined : decodeParsedRecord(value)?.line
      if (line?.kind === 'item' && line.replayId === id) count += 1
    }
  return count
}

async function eventCount(log: EventLog): Promise<number> {
  return (await log.offsets('stories')).reduce((sum, { low, high }) => sum + high - low, 0)
}

async function require(count: () => Promise<number>, wanted: number, what: string): Promise<void> {
  const found = await eventually(count, (number) => number >= wanted, 600_000)
  if (found < wanted) throw new Error(`Waited for ${wanted} ${what}, and there are ${found}`)
}

async function asked(desk: ReplayDesk, spec: object): Promise<string> {
  const answer = await desk.start(spec, 'night-desk')
  if (answer.kind !== 'replay') throw new Error(answer.fault)
  return answer.replay.id
}

async function finished(desk: ReplayDesk, id: string, state: 'ready' | 'done'): Promise<Replay> {
  const look = async (): Promise<Replay> => {
    const answer = await desk.get(id)
    if (answer.kind !== 'replay') throw new Error(answer.fault)
    return answer.replay
  }
  const replay = await eventually(look, (now) => now.state === state || now.state === 'failed', 900_000)
  if (replay.state !== state) throw new Error(`The replay is ${replay.state}: ${JSON.stringify(replay.progress)}`)
  return replay
}

/** Events of the replay: of the stories that change, of each one, and behind what was published before. */
async function revisionsOf(
  log: EventLog,
  about: {
    readonly id: string
    readonly messages: number
    readonly changeEvery: number
    readonly newest: Awaited<ReturnType<typeof checkStories>>['newest']
  },
) {
  const ids = new Map<string, Set<string>>()
  let events = 0
  for (const { partition } of await log.offsets('stories'))
    for await (const record of readPartition(log, 'stories', partition)) {
      if (headerText(record, 'ce_replayid') !== about.id) continue
      const key = record.key?.toString('utf8') ?? ''
      events += 1
      ids.set(key, (ids.get(key) ?? new Set()).add(headerText(record, 'ce_id') ?? ''))
    }
  const wrong: string[] = []
  for (let index = 0; index < about.messages; index += 1) {
    const key = `sim:${uriOf(index)}`
    const wanted = index % about.changeEvery === 0 ? 1 : 0
    if ((ids.get(key)?.size ?? 0) !== wanted) wrong.push(`${key}: ${ids.get(key)?.size ?? 0} revisions, not ${wanted}`)
    if (about.newest.get(key)?.seq !== 1 + wanted)
      wrong.push(`${key}: its newest sequence is ${about.newest.get(key)?.seq}`)
  }
  return { events, stories: ids.size, wrong }
}
