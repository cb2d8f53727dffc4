import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyArchive } from '@dateline/archive'
import { audit, freePort } from '@dateline/cli'
import { connect } from '@dateline/client'
import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'
import { checkStories, contradictions } from '../support/check-stories.ts'
import { type Family, install } from '../support/families.ts'
import type { CrashPoint } from '../support/faulty-engines.ts'
import { startWorker, stopWorkers, type Worker } from '../support/processes.ts'

interface Slot {
  readonly services: readonly string[]
  readonly points: readonly CrashPoint[]
}

const realSlots: readonly Slot[] = [
  { services: ['gateway'], points: ['after-append:wire'] },
  {
    services: ['normalizer'],
    points: ['before-append:stories.parsed', 'after-append:stories.parsed', 'before-commit:normalizer'],
  },
  { services: ['normalizer'], points: ['after-append:stories.parsed'] },
  {
    services: ['publisher'],
    points: ['before-append:stories', 'after-append:stories', 'after-append:stories.state', 'before-store'],
  },
  { services: ['publisher'], points: ['after-store', 'before-commit:publisher', 'after-commit:publisher'] },
  { services: ['archiver', 'dispatcher'], points: ['before-put', 'after-put'] },
]

const embeddedSlots: readonly Slot[] = [
  {
    services: ['gateway', 'normalizer', 'publisher', 'archiver', 'dispatcher'],
    points: ['before-apply', 'after-apply', 'after-append:wire', 'before-put', 'after-put'],
  },
]

export interface KillRunOptions {
  readonly messages: number
  /** Processes killed before the run may end. */
  readonly kills: number
  readonly onProgress?: (text: string) => void
}

export interface KillRunReport {
  readonly accepted: number
  readonly kills: number
  readonly killsAtPoints: Readonly<Record<string, number>>
  readonly lost: readonly string[]
  readonly events: number
  readonly repeats: number
  readonly faults: readonly string[]
  readonly auditAddsUp: boolean
  readonly outcomes: Readonly<Record<string, number>>
  readonly archive: { readonly isWhole: boolean; readonly messages: number; readonly faults: readonly string[] }
  readonly seconds: number
}

const versionsEach = 4

/** Messages flow through the HTTP door while every process is killed in turn, at named points between its effects and at random; then everything is counted. */
export async function killRun(family: Family, options: KillRunOptions): Promise<KillRunReport> {
  const say = options.onProgress ?? (() => {})
  const startedMs = performance.now()
  const installation = await install(
    family,
    'suppliers: { flt: {} }\nfeeds:\n  flt-xml: { supplier: flt }\n  flt-json: { supplier: flt }\n',
  )
  const port = await freePort()
  const slots = family.name === 'real' ? realSlots : embeddedSlots
  const workers = new Map<Slot, Worker>()
  const killsAtPoints: Record<string, number> = {}
  let kills = 0
  let killing = true
  let ending = false

  const keepRunning = async (slot: Slot): Promise<void> => {
    for (let turn = 0; !ending; turn += 1) {
      const at = killing ? slot.points[turn % slot.points.length] : undefined
      const worker = startWorker({
        config: installation.config,
        dataDir: installation.dataDir,
        services: slot.services,
        port: slot.services.includes('gateway') ? port : 0,
        ...(at === undefined ? {} : { die: { at, times: 1 + Math.floor(Math.random() * 8) } }),
      })
      workers.set(slot, worker)
      // A point that is not reached is killed at random instead: never before it has started, else nothing moves.
      const reaper = worker.started.then(
        async () => {
          if (at === undefined) return
          await sleep(2_000 + Math.random() * 6_000)
          if (worker.isAlive() && killing) worker.signal('SIGKILL')
        },
        () => {},
      )
      const { code, signal } = await worker.ended
      await reaper
      if (ending) break
      if (signal !== 'SIGKILL') {
        if (code !== 0) say(`${slot.services.join('+')} ended with ${code ?? signal}: ${worker.output().slice(-600)}`)
        await sleep(500)
        continue
      }
      kills += 1
      const name = at ?? 'random'
      killsAtPoints[name] = (killsAtPoints[name] ?? 0) + 1
      if (kills >= options.kills) killing = false
      if (kills % 10 === 0) say(`${kills} kills`)
    }
  }
  const supervised = slots.map(keepRunning)
  try {
    await waitUntil(
      async () => (await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => null))?.ok === true,
      60_000,
      'the door to open',
    )
    const key = (await readFile(join(installation.dataDir, 'operator.key'), 'utf8')).trim()
    const expected = await feed(`http://127.0.0.1:${port}`, key, options.messages, say)
    say(`${expected.length} messages accepted`)
    await waitUntil(async () => !killing, 1_800_000, `${options.kills} kills`)

    const engines = await installation.open()
    try {
      let report = await audit(engines.log)
      await waitUntil(
        async () => {
          report = await audit(engines.log)
          return report.addsUp && report.messages >= expected.length
        },
        240_000,
        'the audit to add up',
      ).catch((error: unknown) => say(String(error)))
      let archive = await verifyArchive(engines.archive, { log: engines.log })
      await waitUntil(
        async () => {
          archive = await verifyArchive(engines.archive, { log: engines.log })
          return archive.messages >= report.messages || !archive.isWhole
        },
        60_000,
        'the archive to catch up',
      ).catch((error: unknown) => say(String(error)))
      const stories = await checkStories(engines.log)
      const lost = expected
        .filter(({ storyKey, version }) => !stories.versions.get(storyKey)?.includes(version))
        .map(({ storyKey, version }) => `${storyKey} v${version}`)
      return {
        accepted: expected.length,
        kills,
        killsAtPoints,
        lost,
        events: stories.events,
        repeats: stories.repeats,
        faults: [
          ...stories.faults,
          ...(await contradictions(engines.log)),
          ...report.missingAt.map((at) => `no outcome: ${at}`),
        ],
        auditAddsUp: report.addsUp,
        outcomes: report.outcomes,
        archive: {
          isWhole: archive.isWhole,
          messages: archive.messages,
          faults: archive.partitions.flatMap((line) =>
            line.fault === null ? [] : [`${line.topic}/${line.partition}: ${line.fault}`],
          ),
        },
        seconds: Math.round((performance.now() - startedMs) / 1_000),
      }
    } finally {
      await engines.close()
    }
  } finally {
    ending = true
    killing = false
    await stopWorkers(workers.values())
    await Promise.all(supervised)
    await installation.remove()
  }
}

/** Pushes stories in versions 1 to 4, each after the one before was accepted, half of them NewsML-G2 and half ninjs. What was not accepted is pushed again. */
async function feed(
  url: string,
  key: string,
  messages: number,
  say: (text: string) => void,
): Promise<readonly { storyKey: string; version: string }[]> {
  const client = connect({ url, key })
  const accepted: { storyKey: string; version: string }[] = []
  const stories = Math.ceil(messages / versionsEach)
  let next = 0
  const lane = async (): Promise<void> => {
    for (let story = next++; story < stories; story = next++) {
      for (let version = 1; version <= versionsEach; version += 1) {
        const isXml = story % 2 === 0
        const id = isXml ? `urn:newsml:flt.example:20260120:${story}` : `https://flt.example/${story}`
        const text = { version: String(version), headline: `Bericht ${story}, versie ${version}` }
        const bytes = Buffer.from(isXml ? newsmlG2Message({ guid: id, ...text }) : ninjsMessage({ uri: id, ...text }))
        while (
          !(await client.push(isXml ? 'flt-xml' : 'flt-json', bytes).then(
            () => true,
            () => false,
          ))
        )
          await sleep(100 + Math.random() * 200)
        accepted.push({ storyKey: `flt:${id}`, version: String(version) })
        if (accepted.length % 2_000 === 0) say(`${accepted.length} messages accepted`)
      }
    }
  }
  await Promise.all(Array.from({ length: 24 }, lane))
  return accepted
}

async function waitUntil(isTrue: () => Promise<boolean>, limitMs: number, what: string): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited ${limitMs / 1_000} s for ${what}`)
    await sleep(250)
  }
}
