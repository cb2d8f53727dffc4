import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import { EngineRefusal, type Engines } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Bench, startGateway, troubledLog } from './testing/gateway-bench.ts'

let dir = ''
let engines: Engines
let benches: Bench[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-gateway-'))
  engines = await openEmbedded({ dir })
})
afterEach(async () => {
  for (const bench of benches) await bench.stop(500)
  benches = []
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(options: { config?: string; port?: number; engines?: Engines } = {}): Promise<Bench> {
  const bench = await startGateway(options.engines ?? engines, { dataDir: dir, ...options })
  benches.push(bench)
  return bench
}
const push = (bench: Bench, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  bench.ask('/v1/feeds/anp-newsml/messages', { method: 'POST', body, headers })

describe('a stop', () => {
  it('answers what is in hand and takes nothing new', async () => {
    const troubled = troubledLog(engines.log)
    const bench = await start({ engines: { ...engines, log: troubled.log } })
    await push(bench, 'opens the feed')
    troubled.trouble = 'hangs'
    const inHand = push(bench, 'in hand')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const stopped = bench.stop(5_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
    troubled.free()
    expect((await inHand).status).toBe(202)
    await stopped
    await expect(push(bench, 'too late')).rejects.toThrow()
  })

  it('lets those go that only wait for an outcome', async () => {
    const bench = await start()
    const waiting = push(bench, 'x', { prefer: 'wait=60' })
    await until('it is in the log', async () => {
      const offsets = await engines.log.offsets('wire.anp-newsml').catch(() => [])
      return offsets.some(({ high }) => high > 0)
    })
    const started = performance.now()
    await bench.stop(18_000)
    expect((await waiting).status).toBe(202)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('cuts off at the deadline what hangs', async () => {
    const troubled = troubledLog(engines.log)
    const bench = await start({ engines: { ...engines, log: troubled.log } })
    await push(bench, 'opens the feed')
    troubled.trouble = 'hangs'
    const hanging = push(bench, 'hangs').catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const started = performance.now()
    await bench.stop(600)
    expect(performance.now() - started).toBeLessThan(10_000)
    troubled.free()
    await hanging
  })
})

describe('a start', () => {
  it('is refused in one sentence when the port is in use', async () => {
    const first = await start()
    const port = Number(new URL(first.url).port)
    const refusal = start({ port })
    await expect(refusal).rejects.toBeInstanceOf(EngineRefusal)
    await expect(refusal).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use: choose another with --port, or stop what uses it.`,
    )
  })

  it('makes a key for the operator and opens to nobody else', async () => {
    const bench = await start()
    expect((await push(bench, 'x')).status).toBe(202)
    expect((await bench.ask('/v1/stories', { key: '' })).status).toBe(401)
  })
})

describe('health and metrics', () => {
  it('are open to everybody', async () => {
    const bench = await start()
    await push(bench, 'x')
    await bench.ask('/v1/feeds/anp-newsml/messages', { method: 'POST', body: 'x', key: 'dl_wrong' })
    expect(await (await bench.ask('/health/ready', { key: '' })).json()).toEqual({ gateway: 'ok' })
    expect((await bench.ask('/health/live', { key: '' })).status).toBe(200)
    const metrics = await (await bench.ask('/metrics', { key: '' })).text()
    expect(metrics).toContain('dateline_messages_total{feed="anp-newsml",lane="live"} 1')
    expect(metrics).toContain('dateline_refusals_total{feed="anp-newsml",status="401"} 1')
  })
})

it('watches the folder of a feed', async () => {
  const inbox = join(dir, 'inbox')
  await mkdir(inbox)
  await writeFile(join(inbox, 'capture.txt'), 'LONDEN (ANP) - De brug is weer open.')
  await start({ config: `suppliers: { anp: {} }\nfeeds: { anp-site: { supplier: anp, via: folder, path: ${inbox} } }` })
  await until('it is done', async () => (await readdir(join(inbox, 'done')).catch(() => [])).length === 1)
  const offsets = await engines.log.offsets('wire.anp-site')
  expect(offsets.reduce((sum, { high }) => sum + high, 0)).toBe(1)
})

it('raises an alarm for a feed that was quiet already before it started', async () => {
  let nowMs = Date.now() - 3_600_000
  const other = await mkdtemp(join(tmpdir(), 'dateline-quiet-'))
  const old = await openEmbedded({ dir: other, nowMs: () => nowMs })
  const config = 'suppliers: { anp: {} }\nfeeds: { anp-newsml: { supplier: anp, quietAfter: 30m } }'
  const before = await start({ config, engines: old })
  await push(before, 'an hour ago')
  await before.stop()
  nowMs = Date.now()
  const bench = await start({ config, engines: old })
  await until('the alarm stands', () => bench.context.alarms.standing().length === 1)
  expect(bench.context.alarms.standing()[0]).toMatchObject({ alarm: 'quiet', feed: 'anp-newsml' })
  await bench.stop()
  await old.close()
  await rm(other, { recursive: true, force: true })
})
