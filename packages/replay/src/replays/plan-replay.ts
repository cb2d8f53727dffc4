import { archiveChains, archivedExtent } from '@dateline/archive'
import type { StoryState } from '@dateline/contracts'
import type { Engines, TopicInfo } from '@dateline/ports'
import { type Feeds, flashTopic, offsetAt, storyPartitions, wireTopic } from '@dateline/runtime'
import { parsePosition, positionOfReceipt } from '@dateline/story'
import { chooseRejected } from '../rejected/choose-rejected.ts'
import { createRejectedCatalog, messageOf } from '../rejected/rejected-catalog.ts'
import type { ReplayPlan, ReplayUnit, Spec } from './replay-job.ts'

export interface PlanContext {
  readonly engines: Engines
  readonly feeds: Pick<Feeds, 'all'>
  readonly mostTries: number
}

export type Planned =
  | { readonly kind: 'plan'; readonly plan: ReplayPlan }
  /** One sentence that says what is wrong and what to do. */
  | { readonly kind: 'fault'; readonly fault: string }

const mostPositions = 10_000

/** What a spec means here and now. */
export async function planReplay(context: PlanContext, spec: Spec, nowMs: number): Promise<Planned> {
  const fault = faultOfSpec(context, spec)
  if (fault !== null) return { kind: 'fault', fault }
  if (spec.mode === 'redeliver') return planned(await storyUnits(context, spec, nowMs), [], spec)
  if (spec.rejected !== undefined) return planned([], await rejectedPositions(context, spec), spec)
  if (spec.receipts !== undefined) return planned([], spec.receipts.map(positionOf), spec)
  if (spec.stories !== undefined) {
    const { positions, missing } = await currentPositions(context, spec.stories)
    if (missing.length > 0)
      return { kind: 'fault', fault: `There is no story ${missing.join(', ')}: a story key is <supplier>:<id>.` }
    return planned([], positions, spec)
  }
  return planned(await wireUnits(context, spec, nowMs), [], spec)
}

function planned(units: readonly ReplayUnit[], positions: readonly string[], spec: Spec): Planned {
  if (positions.length > mostPositions)
    return {
      kind: 'fault',
      fault: `${positions.length} messages are more than ${mostPositions}: choose by feed or time.`,
    }
  if (units.length > 0 || positions.length > 0) return { kind: 'plan', plan: { units, positions } }
  return { kind: 'fault', fault: nothingIn(spec) }
}

function nothingIn(spec: Spec): string {
  const feeds = spec.feeds === undefined ? 'any feed' : spec.feeds.join(', ')
  const time = [spec.since && `since ${spec.since}`, spec.until && `until ${spec.until}`].filter(Boolean).join(' ')
  if (spec.rejected !== undefined) return `No rejected message of ${feeds} is open${time === '' ? '' : ` ${time}`}.`
  const what = spec.mode === 'redeliver' ? 'story was published by' : 'message was received from'
  return `No ${what} ${feeds}${time === '' ? '' : ` ${time}`}: check the feeds and the times (\`dateline archive ls\` shows what there is).`
}

function faultOfSpec({ feeds }: PlanContext, spec: Spec): string | null {
  const { mode, since, until, to, stories, receipts, rejected } = spec
  const names = feeds.all().map(({ name }) => name)
  const unknown = spec.feeds?.find((name) => !names.includes(name))
  if (unknown !== undefined) return `There is no feed ${unknown}. The feeds are: ${names.join(', ') || 'none yet'}.`
  if ([spec.feeds, since, stories, receipts, rejected].every((part) => part === undefined))
    return 'Say what is to be replayed: feeds, a time to begin at, story keys, receipts, or what was rejected.'
  if ([stories, receipts, rejected].filter((part) => part !== undefined).length > 1)
    return 'Story keys, receipts and rejected messages cannot be chosen together: ask for one of them at a time.'
  if (since !== undefined && until !== undefined && Date.parse(since) >= Date.parse(until))
    return `The time to end, ${until}, is not after the time to begin, ${since}.`
  if (mode === 'redeliver' && to === undefined)
    return 'Say who gets what is redelivered: a subscription, or the name of a topic.'
  if (mode === 'redeliver' && (receipts !== undefined || rejected !== undefined))
    return 'Only published stories can be redelivered: choose feeds, times or story keys.'
  if (mode === 'reprocess' && to !== undefined) return 'What is reprocessed goes to all readers: leave out who gets it.'
  const bad = receipts?.find((receipt) => parsePosition(positionOf(receipt)) === null)
  return bad === undefined ? null : `"${bad}" is neither a receipt nor a position.`
}

const positionOf = (receipt: string): string => messageOf(positionOfReceipt(receipt) ?? receipt)

async function rejectedPositions(
  { engines, mostTries }: PlanContext,
  { feeds, since, until, rejected }: Spec,
): Promise<readonly string[]> {
  const catalog = createRejectedCatalog(engines.log, { mostTries })
  await catalog.refresh()
  const chosen = chooseRejected(catalog.entries(), {
    ...(rejected?.reason === undefined ? {} : { reason: rejected.reason }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  })
  return chosen
    .filter(({ state, feed }) => state === 'open' && (feeds === undefined || feeds.includes(feed)))
    .map(({ position }) => position)
}

/** Where the present version of each story lies. A story without a supplier's id lies in its feed's partition: all are asked. */
async function currentPositions({ engines }: PlanContext, keys: readonly string[]) {
  const found = new Map<string, string>()
  for (let partition = 0; partition < storyPartitions; partition += 1) {
    const { values } = await engines.state.load(partition, keys)
    values.forEach((value, index) => {
      const state = value === null ? null : (JSON.parse(value) as StoryState)
      if (state?.current !== undefined) found.set(keys[index] ?? '', messageOf(state.current))
    })
  }
  return { positions: [...new Set(found.values())], missing: keys.filter((key) => !found.has(key)) }
}

/** The wire topics of the feeds, from the archive and what is not in it yet. */
async function wireUnits(context: PlanContext, spec: Spec, nowMs: number): Promise<readonly ReplayUnit[]> {
  const names = spec.feeds ?? context.feeds.all().map(({ name }) => name)
  const units: ReplayUnit[] = []
  for (const feed of names) {
    const chains = spec.from === 'log' ? new Map<string, ChainPart>() : await archived(context, feed, spec)
    for (const topic of [wireTopic(feed), flashTopic(feed)])
      for (const tail of await inLog(context, topic, spec, nowMs)) {
        const known = chains.get(nameOf(tail))
        const from = Math.max(tail.from, known?.end ?? 0)
        if (known === undefined) chains.set(nameOf(tail), { ...tail, end: tail.to })
        else if (from < tail.to) chains.set(nameOf(tail), { ...known, from: Math.min(known.from, from), to: tail.to })
      }
    for (const { topic, logId, partition, from, to } of chains.values())
      if (from < to) units.push({ topic, logId, partition, from, to })
  }
  return units
}

interface ChainPart extends ReplayUnit {
  /** Where the archive of it ends, in the range or not. */
  readonly end: number
}

const nameOf = ({ topic, logId, partition }: Omit<ReplayUnit, 'from' | 'to'>): string =>
  `${topic}@${logId}/${partition}`

async function archived(
  { engines }: PlanContext,
  feed: string,
  { since, until }: Spec,
): Promise<Map<string, ChainPart>> {
  const chains = new Map<string, ChainPart>()
  const range = {
    ...(since === undefined ? {} : { sinceMs: Date.parse(since) }),
    ...(until === undefined ? {} : { untilMs: Date.parse(until) }),
  }
  for await (const { chain } of archiveChains(engines.archive, { feed }))
    if (chain !== null)
      chains.set(nameOf(chain), { ...chain, ...(await archivedExtent(engines.archive, chain, range)) })
  return chains
}

/** The part of each partition that was received in the range, as far as the log keeps it. */
async function inLog(
  { engines }: PlanContext,
  topic: string,
  { since, until }: Spec,
  nowMs: number,
): Promise<readonly ReplayUnit[]> {
  const [info]: readonly TopicInfo[] = await engines.log.topics([topic])
  if (info === undefined || info.logId === null) return []
  const units: ReplayUnit[] = []
  for (const { partition, low, high } of await engines.log.offsets(topic)) {
    const at = { topic, partition, low, high }
    const from = since === undefined ? low : await offsetAt(engines.log, at, Date.parse(since))
    const to = await offsetAt(engines.log, at, until === undefined ? nowMs : Math.min(nowMs, Date.parse(until)))
    if (from < to) units.push({ topic, logId: info.logId, partition, from, to })
  }
  return units
}

/** What `stories` keeps; what was received in the range and is older than that comes first, from the archive. */
async function storyUnits(context: PlanContext, spec: Spec, nowMs: number): Promise<readonly ReplayUnit[]> {
  const kept = await inLog(context, 'stories', spec, nowMs)
  const oldestMs = await oldestKept(context.engines.log, nowMs)
  const { since, until } = spec
  if (since === undefined || oldestMs === null || Date.parse(since) >= oldestMs) return kept
  const untilMs = until === undefined ? oldestMs : Math.min(oldestMs, Date.parse(until))
  const old = await wireUnits(context, { ...spec, until: new Date(untilMs).toISOString() }, nowMs)
  return [...old, ...kept]
}

/** Time of the oldest event that `stories` keeps, where it has lost any; null where it has all of them. */
async function oldestKept(log: Engines['log'], nowMs: number): Promise<number | null> {
  let oldestMs: number | null = null
  for (const { partition, low, high } of await log.offsets('stories')) {
    if (low === 0) continue
    const [record] = low < high ? await log.read('stories', partition, low, { maxRecords: 1 }) : []
    oldestMs = Math.max(oldestMs ?? 0, record?.timeMs ?? nowMs)
  }
  return oldestMs
}
