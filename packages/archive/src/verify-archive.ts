import type { Archive, EventLog, PartitionOffsets } from '@dateline/ports'
import { feedOfTopic } from '@dateline/runtime'
import { type ArchivePart, archiveChains } from './archive-chains.ts'
import type { Chain } from './object-key.ts'
import { type VerifiedPartition, type VerifiedSoFar, verifyChain } from './verify-chain.ts'

export interface VerifyReport {
  readonly isWhole: boolean
  readonly objects: number
  readonly messages: number
  readonly lost: number
  /** Offsets that the log has and the archive does not yet; null where no log was given to compare with. */
  readonly waiting: number | null
  readonly partitions: readonly VerifiedPartition[]
}

type VerifyLog = Pick<EventLog, 'topics' | 'offsets' | 'read'>

export interface VerifyOptions extends ArchivePart {
  /** Given, what the log holds is compared too: whether anything is in neither. Without it the proof needs nothing but the archive. */
  readonly log?: VerifyLog
  /** How far a partition was proved before, where an earlier look ended early. What lies before is taken as it was then. */
  readonly resume?: (chain: Chain) => VerifiedSoFar | undefined
  /** The partitions that were proved before: one of which nothing is there any more is a fault too. */
  readonly provedBefore?: readonly Chain[]
  /** Told after every object how far the partition is proved. */
  readonly onProved?: (chain: Chain, soFar: VerifiedSoFar) => void
}

/** Reads the archive byte for byte. A partition that has a fault is read no further; the others are. */
export async function verifyArchive(archive: Archive, options: VerifyOptions = {}): Promise<VerifyReport> {
  // Asked before the chains are read: what the archiver stores meanwhile makes no chain too short.
  const stored = options.log ? await storedUpTo(options.log, options) : []
  const storedTo = new Map(stored.map(({ to, ...chain }) => [nameOf(chain), to]))
  const verify = (chain: Chain): Promise<VerifiedPartition> =>
    verifyChain(archive, chain, {
      ...options,
      storedTo: storedTo.get(nameOf(chain)) ?? 0,
      // A position moves past what is no message too (a marker of a transaction), which no object has to cover.
      isMessageBetween: async (from, to) => {
        const [record] = (await options.log?.read(chain.topic, chain.partition, from, { maxRecords: 1 })) ?? []
        return record !== undefined && record.offset < to
      },
    })
  const partitions: VerifiedPartition[] = []
  for await (const found of archiveChains(archive, options))
    partitions.push(found.chain === null ? strangerReport(found.key) : await verify(found.chain))
  // Those of which nothing is there any more.
  const seen = new Set(partitions.map(nameOf))
  const before = (options.provedBefore ?? []).filter(({ topic }) => isOf(options, topic))
  for (const { topic, logId, partition } of [...stored, ...before]) {
    const chain = { topic, logId, partition }
    if (seen.has(nameOf(chain))) continue
    seen.add(nameOf(chain))
    const report = await verify(chain)
    if (report.objects > 0 || report.fault !== null) partitions.push(report)
  }
  const { compared, waiting }: Compared = options.log
    ? await compareWithLog(partitions, options.log, options)
    : { compared: partitions, waiting: null }
  const sum = (count: (report: VerifiedPartition) => number): number =>
    compared.reduce((total, one) => total + count(one), 0)
  return {
    isWhole: compared.every((report) => report.fault === null),
    objects: sum((report) => report.objects),
    messages: sum((report) => report.messages),
    lost: sum((report) => report.lost),
    waiting,
    partitions: compared,
  }
}

const ARCHIVER_GROUP = 'archiver'

/**
 * Up to where the archiver said that it had stored each partition; it says so only when the object is there. Not told of what the log
 * dropped: that is a loss, whoever had it.
 */
async function storedUpTo(
  log: Pick<EventLog, 'topics' | 'offsets'>,
  part: ArchivePart,
): Promise<readonly (Chain & { readonly to: number })[]> {
  const stored: (Chain & { readonly to: number })[] = []
  // A position behind the end of the log is of another log that had its name.
  for (const { topic, logId } of await wireLogs(log, part))
    for (const { partition, low, high, committed } of await log.offsets(topic, ARCHIVER_GROUP))
      if (committed !== null && committed > low && committed <= high)
        stored.push({ topic, logId, partition, to: committed })
  // A topic that was made anew meanwhile: whose the positions are is not known.
  const now = new Set((await wireLogs(log, part)).map(({ topic, logId }) => `${topic} ${logId}`))
  return stored.filter(({ topic, logId }) => now.has(`${topic} ${logId}`))
}

async function wireLogs(
  log: Pick<EventLog, 'topics'>,
  part: ArchivePart,
): Promise<readonly { readonly topic: string; readonly logId: string }[]> {
  const logs: { readonly topic: string; readonly logId: string }[] = []
  for (const { name: topic, logId } of await log.topics()) {
    if (feedOfTopic(topic) !== null && logId !== null && isOf(part, topic)) logs.push({ topic, logId })
  }
  return logs
}

const isOf = (part: ArchivePart, topic: string): boolean =>
  (part.feed ?? feedOfTopic(topic)) === feedOfTopic(topic) && (part.topic ?? topic) === topic

/** What lies among the objects and is none. */
const strangerReport = (key: string): VerifiedPartition => ({
  topic: key,
  logId: '',
  partition: 0,
  from: 0,
  to: 0,
  objects: 0,
  messages: 0,
  lost: 0,
  fault: `${key} is not an object of an archive chain`,
  faultKey: key,
})

interface Compared {
  readonly compared: readonly VerifiedPartition[]
  readonly waiting: number | null
}

async function compareWithLog(
  reports: readonly VerifiedPartition[],
  log: Pick<EventLog, 'topics' | 'offsets'>,
  part: ArchivePart,
): Promise<Compared> {
  let waiting = 0
  const compared = new Map(reports.map((report) => [nameOf(report), report]))
  for (const { topic, logId } of await wireLogs(log, part)) {
    for (const offsets of await log.offsets(topic)) {
      const chain = { topic, logId, partition: offsets.partition }
      const report = compared.get(nameOf(chain)) ?? {
        ...chain,
        from: 0,
        to: 0,
        objects: 0,
        messages: 0,
        lost: 0,
        fault: null,
        faultKey: null,
      }
      const fault = report.fault ?? logFault(report, offsets)
      if (fault === null) waiting += offsets.high - Math.max(report.to, offsets.low)
      if (fault !== null || report.objects > 0) compared.set(nameOf(chain), { ...report, fault })
    }
  }
  return { compared: [...compared.values()], waiting }
}

const nameOf = (chain: Chain): string => `${chain.topic} ${chain.logId} ${chain.partition}`

function logFault(report: VerifiedPartition, { low, high }: PartitionOffsets): string | null {
  if (low > report.to)
    return `a loss: the offsets ${report.to} to ${low - 1} are neither archived nor kept by the log any more`
  if (report.to > high)
    return `the archive ends at ${report.to} and the log at ${high}: the log lost its end, or was replaced`
  return null
}
