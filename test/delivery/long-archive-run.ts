/**
 * The archive at length: node test/delivery/long-archive-run.ts real|embedded [messages=50000]. The environment names the real engines.
 * What comes from it: the proof of the whole, four damages each found by it, a thousand messages read back, and what archiving costs.
 * On the real engines the log keeps its own clock, so that all is of one day there.
 */
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { listArchive, readArchived, verifyArchive } from '@dateline/archive'
import { openEmbedded } from '@dateline/embedded'
import type { Archive, EventLog } from '@dateline/ports'
import { durationMs, readSettings } from '@dateline/runtime'
import { parsePosition, positionOfReceipt, receiptId } from '@dateline/story'
import { measureProcess } from '../bench/measure-process.ts'
import { families, install } from '../support/families.ts'
import { startWorker, stopWorkers } from '../support/processes.ts'
import { damageArchive } from './archive-damage.ts'
import { feedNames, type Sent, sendMessages } from './archive-load.ts'

const [name = 'embedded', count = '50000'] = process.argv.slice(2)
const messages = Number(count)
const family = families.find((candidate) => candidate.name === name)
if (family === undefined || !family.isAvailable)
  throw new Error(
    `There are no ${name} engines: set TEST_KAFKA, TEST_S3, TEST_REDIS_STATE and TEST_REDIS_JOBS as \`dateline engines status\` prints them.`,
  )
const dayMs = 86_400_000
const startedMs = performance.now()
const say = (text: string): void => void process.stderr.write(`${text}\n`)
// Smaller objects than the default, so that a partition has several: with less than a member of 1 MB in each for a short run.
const flushBytes = Math.min(1_500_000, Math.max(65_536, messages * 30))
const installation = await install(
  family,
  `archive: { flushAfter: 2s, flushBytes: ${flushBytes}, joinAfter: 0s, index: false }
suppliers: { arc: {} }
feeds: { ${feedNames.map((feed) => `${feed}: { supplier: arc, partitions: ${feed === 'arc-prose' ? 2 : 1} }`).join(', ')} }
`,
)
const engines = await installation.open()
try {
  const sent = await send()
  const cost = await archiveAll(engines.log)
  say('archived; the proof')
  const whole = await verifyArchive(engines.archive, { log: engines.log })
  const days = new Set<string>()
  const objects = new Map<string, { objects: number; bytes: number }>()
  for await (const { topic, size, firstTime, lastTime } of listArchive(engines.archive)) {
    for (const time of [firstTime, lastTime]) if (time !== null) days.add(time.slice(0, 10))
    const sum = objects.get(topic) ?? { objects: 0, bytes: 0 }
    objects.set(topic, { objects: sum.objects + 1, bytes: sum.bytes + size })
  }
  const feeds = feedNames.map((feed) => {
    const raw = sent.feeds[feed] ?? { messages: 0, bytes: 1 }
    const stored = objects.get(`wire.${feed}`) ?? { objects: 0, bytes: 0 }
    return {
      feed,
      messages: raw.messages,
      bytesPerMessage: Math.round(raw.bytes / raw.messages),
      storedPerMessage: Math.round(stored.bytes / raw.messages),
      ratio: Number((raw.bytes / stored.bytes).toFixed(1)),
      objects: stored.objects,
    }
  })
  say('a thousand messages read back')
  const gets = await readBack(engines.archive, sent, 1_000)
  say('the damages')
  const damages = await damageArchive(engines.archive)
  const isRight =
    whole.isWhole &&
    whole.messages === messages &&
    whole.waiting === 0 &&
    gets.wrong === 0 &&
    gets.notOneRangedRead === 0 &&
    damages.every(({ isNamed, isWholeAgain }) => isNamed && isWholeAgain) &&
    (family.name === 'real' || days.size === 2)
  const report = {
    family: family.name,
    isRight,
    messages,
    days: [...days].sort(),
    flushBytes,
    verify: { isWhole: whole.isWhole, objects: whole.objects, messages: whole.messages, waiting: whole.waiting },
    feeds,
    cost,
    gets,
    damages,
    mostPutsPerDayByDefault: mostPutsPerDay(),
    seconds: Math.round((performance.now() - startedMs) / 1_000),
  }
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`)
  process.exitCode = isRight ? 0 : 1
} finally {
  await engines.close()
  await installation.remove()
}

/** Embedded, the first half is of yesterday. */
async function send(): Promise<Sent> {
  if (family?.name === 'real') return sendMessages(engines.log, messages, { onHalf: () => {}, say })
  let behindMs = dayMs
  const dir = installation.dataDir
  const clocked = await openEmbedded({ dir, nowMs: () => Date.now() - behindMs, sweepEveryMs: 3_600_000 })
  const onHalf = (): void => {
    behindMs = 0
  }
  return sendMessages(clocked.log, messages, { onHalf, say }).finally(() => clocked.close())
}

/** An archiver in a process of its own takes all that the log has, as after an outage. */
async function archiveAll(log: EventLog) {
  const worker = startWorker({ ...installation, services: ['archiver'] })
  try {
    await worker.started
    const beganMs = performance.now()
    const before = measureProcess(worker.pid)
    let mostMs = 0
    for (;;) {
      const archived = await archivedOf(log)
      if (archived >= messages * 0.95 && mostMs === 0) mostMs = performance.now() - beganMs
      if (archived >= messages) break
      if (!worker.isAlive()) throw new Error(`The archiver ended: ${worker.output()}`)
      await sleep(100)
    }
    const after = measureProcess(worker.pid)
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds
    return {
      /** Of the first 95 %: the last objects wait for flushAfter. */
      messagesPerSecond: Math.round((messages * 0.95) / (mostMs / 1_000)),
      cpuMicrosPerMessage: Math.round((cpuSeconds / messages) * 1_000_000),
      messagesPerSecondOfCpu: Math.round(messages / cpuSeconds),
      /** Used until it said that it had started: it may have begun by then. */
      cpuSecondsOfItsStart: before.cpuSeconds,
      residentMb: after.residentMb,
    }
  } finally {
    await stopWorkers([worker])
  }
}

async function archivedOf(log: EventLog): Promise<number> {
  const offsets = await Promise.all(feedNames.map((feed) => log.offsets(`wire.${feed}`, 'archiver')))
  return offsets.flat().reduce((sum, { low, committed }) => sum + ((committed ?? low) - low), 0)
}

/** What `archive get` does, of messages by chance and by turns named by receipt and by position. */
async function readBack(archive: Archive, sent: Sent, times: number) {
  let reads: { readonly isRanged: boolean; readonly isOfObject: boolean }[] = []
  const counting: Archive = {
    ...archive,
    get(key, range) {
      reads.push({ isRanged: range !== undefined, isOfObject: key.startsWith('raw/') || key.startsWith('spans/') })
      return archive.get(key, range)
    },
  }
  const positions = [...sent.sha256.keys()]
  const took: number[] = []
  let wrong = 0
  let notOneRangedRead = 0
  for (let time = 0; time < times; time += 1) {
    const chosen = positions[Math.floor(Math.random() * positions.length)] ?? ''
    const place = parsePosition(time % 2 === 0 ? (positionOfReceipt(receiptId(chosen)) ?? '') : chosen)
    reads = []
    const beganMs = performance.now()
    const record = place && (await readArchived(counting, place))
    took.push(performance.now() - beganMs)
    if (hash('sha256', record?.value ?? '') !== sent.sha256.get(chosen)) wrong += 1
    if (reads.length !== 1 || reads[0]?.isRanged !== true || !reads[0].isOfObject) notOneRangedRead += 1
  }
  took.sort((a, b) => a - b)
  const ms = (share: number): number => Number((took[Math.floor(times * share)] ?? 0).toFixed(1))
  return { times, wrong, notOneRangedRead, p50Ms: ms(0.5), p99Ms: ms(0.99) }
}

/**
 * At most, from the settings' defaults: a partition's object is put when its first message has waited for flushAfter, as long as what comes
 * in that time is smaller than flushBytes. Upkeep puts as many indexes beside them, and a joined object a day.
 */
function mostPutsPerDay() {
  const { flushAfter } = defaults()
  const ofPartition = (perSecond: number): number => Math.min(86_400 * perSecond, dayMs / durationMs(flushAfter))
  return {
    quietFeedOfOneMessageAMinute: Math.round(ofPartition(1 / 60)),
    busyFeedOfTenASecondOnOnePartition: ofPartition(10),
    busyFeedOfTenASecondOnFourPartitions: 4 * ofPartition(2.5),
  }
}

function defaults() {
  const read = readSettings('', {})
  if (read.kind === 'faults') throw new Error(read.faults.join(' '))
  return read.settings.archive
}
