import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import { type Engines, type EventLog, TransientFault } from '@dateline/ports'
import { applyTopics, type ServiceContext } from '@dateline/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSilenceWatch, type SilenceWatch } from './silence-watch.ts'
import { contextOf } from './testing/gateway-bench.ts'

const minute = 60_000
const config = `
suppliers: { anp: { timezone: Europe/Amsterdam } }
feeds:
  anp-newsml: { supplier: anp, quietAfter: { "07-23": 30m, "23-07": 3h } }
  anp-site: { supplier: anp }
`

let dir = ''
let nowMs = 0
let engines: Engines
let context: ServiceContext
let lines: string[] = []
let isAway = false

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-silence-'))
  nowMs = Date.parse('2026-01-20T10:00:00+01:00')
  lines = []
  isAway = false
  engines = await openEmbedded({ dir, nowMs: () => nowMs })
  context = await contextOf(engines, config, lines)
  await applyTopics(engines.log, context.feeds.all())
})
afterEach(async () => {
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const watch = (): SilenceWatch => {
  const log: EventLog = {
    ...engines.log,
    offsets: async (topic) => {
      if (isAway) throw new TransientFault('log', 'away')
      return engines.log.offsets(topic)
    },
  }
  return createSilenceWatch({
    log,
    feeds: context.feeds.all(),
    settings: context.settings,
    alarms: context.alarms,
    clock: () => nowMs,
  })
}
const send = (topic = 'wire.anp-newsml'): Promise<unknown> => engines.log.append([{ topic, key: 'x', value: 'x' }])
const standing = (): string[] => context.alarms.standing().map(({ alarm, feed }) => `${alarm} ${feed}`)

async function pass(silence: SilenceWatch, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) {
    nowMs += minute
    await silence.look()
  }
}

describe('a feed that is quiet for longer than its hours allow', () => {
  it('raises one alarm, and one all-clear when it sends again', async () => {
    const silence = watch()
    await send()
    await pass(silence, 30)
    expect(standing()).toEqual([])
    await pass(silence, 60)
    expect(standing()).toEqual(['quiet anp-newsml'])
    await send()
    await pass(silence, 20)
    expect(standing()).toEqual([])
    expect(lines).toEqual([
      'error Feed anp-newsml has sent nothing for 31 minutes: ask anp.',
      'info Feed anp-newsml sends again.',
    ])
  })

  it('is heard on the flash lane too, and in every partition', async () => {
    const silence = watch()
    for (const topic of ['wire.anp-newsml.flash', 'wire.anp-newsml']) {
      await pass(silence, 25)
      await send(topic)
    }
    await pass(silence, 25)
    expect(lines).toEqual([])
  })

  it('may be quiet for longer at night', async () => {
    nowMs = Date.parse('2026-01-20T23:30:00+01:00')
    const silence = watch()
    await send()
    await pass(silence, 170)
    expect(standing()).toEqual([])
    await pass(silence, 15)
    expect(standing()).toEqual(['quiet anp-newsml'])
  })

  it('raises it too when it never sent anything', async () => {
    await pass(watch(), 31)
    expect(standing()).toEqual(['quiet anp-newsml'])
  })
})

it('knows after a restart how long the silence has lasted', async () => {
  await send()
  await pass(watch(), 20)
  await pass(watch(), 9)
  expect(standing()).toEqual([])
  await pass(watch(), 5)
  expect(standing()).toEqual(['quiet anp-newsml'])
})

it('says nothing of silence while the log is away, and gives the agency time afterwards', async () => {
  const silence = watch()
  await send()
  await pass(silence, 20)
  isAway = true
  await pass(silence, 60)
  expect(standing()).toEqual([])
  isAway = false
  await pass(silence, 25)
  expect(standing()).toEqual([])
  await pass(silence, 10)
  expect(standing()).toEqual(['quiet anp-newsml'])
})

it('expects nothing of a feed without quietAfter', async () => {
  await pass(watch(), 31)
  expect(standing()).not.toContain('quiet anp-site')
})

it('refuses hours that are none, naming the feed', async () => {
  const wrong = await contextOf(engines, config.replace('"07-23"', 'daytime'), lines)
  const { settings, alarms, feeds } = wrong
  expect(() => createSilenceWatch({ log: engines.log, feeds: feeds.all(), settings, alarms })).toThrow(
    'The feed anp-newsml, quietAfter: "daytime" is no span of hours: write it like 07-23 or 07:30-23.',
  )
})
