import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { receiptId } from '@dateline/story'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from './keys.ts'
import { type Bench, startGateway } from './testing/gateway-bench.ts'
import { positionBehind, positionIn, receiptRecords } from './testing/receipts-of.ts'

const agency = createKey()
const anpReader = createKey()
const dpaReader = createKey()
const config = `
suppliers: { anp: {}, dpa: {} }
feeds: { anp-newsml: { supplier: anp }, dpa-g2: { supplier: dpa } }
keys:
  - { id: anp-1, sha256: ${agency.sha256}, feeds: [anp-newsml] }
  - { id: cms, sha256: ${anpReader.sha256}, reads: [anp] }
  - { id: other, sha256: ${dpaReader.sha256}, reads: [dpa] }
`

let dir = ''
let engines: Engines
let bench: Bench

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-receipts-'))
  engines = await openEmbedded({ dir })
  bench = await startGateway(engines, { dataDir: dir, config })
})
afterAll(async () => {
  await bench.stop()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

async function pushed(): Promise<string> {
  const response = await bench.ask('/v1/feeds/anp-newsml/messages', { method: 'POST', body: '<x/>' })
  return String(((await response.json()) as { receipt: string }).receipt)
}
const ask = async (path: string, key = agency.key, prefer?: string): Promise<[number, Record<string, unknown>]> => {
  const response = await bench.ask(path, { key, ...(prefer === undefined ? {} : { headers: { prefer } }) })
  return [response.status, (await response.json()) as Record<string, unknown>]
}

describe('a receipt', () => {
  it('is pending, then told item by item', async () => {
    const receipt = await pushed()
    expect(await ask(`/v1/receipts/${receipt}`)).toEqual([
      200,
      { receipt, feed: 'anp-newsml', state: 'pending', position: positionBehind(receipt), items: null, outcomes: [] },
    ])
    const { read, decided } = receiptRecords(positionBehind(receipt), { items: 2, reference: 'ref-1' })
    await engines.log.append([read])
    await until('the count is known', async () => (await ask(`/v1/receipts/${receipt}`))[1].items === 2)
    expect((await ask(`/v1/receipts/${receipt}`))[1]).toMatchObject({ state: 'pending', reference: 'ref-1' })
    await engines.log.append([decided])
    const [status, body] = await ask(`/v1/receipts/${receipt}`, agency.key, 'wait=10')
    expect([status, body.state]).toEqual([200, 'settled'])
    expect(body.outcomes).toEqual([
      { item: 0, outcome: 'published', reason: 'new', storyKey: 'anp:0', eventId: 'evt_0', storySeq: 1 },
      { item: 1, outcome: 'published', reason: 'new', storyKey: 'anp:1', eventId: 'evt_1', storySeq: 1 },
    ])
  })

  it('is answered by a gateway that was not there when it was pushed', async () => {
    const receipt = await pushed()
    const { read, decided } = receiptRecords(positionBehind(receipt))
    await engines.log.append([read, decided])
    const other = await startGateway(engines, { dataDir: dir, config })
    try {
      await until('the other gateway knows it', async () => {
        const answer = await other.ask(`/v1/receipts/${receipt}`)
        return ((await answer.json()) as { state: string }).state === 'settled'
      })
    } finally {
      await other.stop()
    }
  })

  it('is for the agency that pushed it and for readers of its supplier', async () => {
    const receipt = await pushed()
    const statuses = await Promise.all(
      [agency.key, anpReader.key, dpaReader.key, 'dl_wrong'].map(
        async (key) => (await ask(`/v1/receipts/${receipt}`, key))[0],
      ),
    )
    expect(statuses).toEqual([200, 200, 403, 401])
  })

  it.each([
    ['no receipt id at all', 'nonsense'],
    ['a position in another topic', receiptId('stories@log_1/0/0')],
    ['one of a log that is no more', receiptId(positionIn('wire.anp-newsml', 'log_gone', 0))],
  ])('there is none for %s: 404', async (_name, id) => {
    expect((await ask(`/v1/receipts/${id}`, bench.operatorKey))[0]).toBe(404)
  })

  it('there is none for a message that was never sent: 404', async () => {
    const [info] = await engines.log.topics(['wire.anp-newsml'])
    const id = receiptId(positionIn('wire.anp-newsml', info?.logId ?? '', 999_999))
    expect((await ask(`/v1/receipts/${id}`))[0]).toBe(404)
  })
})

describe('the receipts of a feed', () => {
  it('come page by page, by outcome where that is asked for', async () => {
    const receipts: string[] = []
    for (let count = 0; count < 7; count += 1) receipts.push(await pushed())
    for (const receipt of receipts) {
      const { read, decided } = receiptRecords(positionBehind(receipt))
      await engines.log.append([read, decided])
    }
    for (const receipt of receipts) await ask(`/v1/receipts/${receipt}`, agency.key, 'wait=10')

    const seen: string[] = []
    let after = ''
    for (;;) {
      const [status, body] = await ask(`/v1/feeds/anp-newsml/receipts?limit=3${after}`)
      expect(status).toBe(200)
      const page = body.receipts as { receipt: string; state: string }[]
      if (page.length === 0) break
      seen.push(...page.map((one) => one.receipt))
      after = `&after=${body.next}`
    }
    expect(seen.filter((receipt) => receipts.includes(receipt)).toSorted()).toEqual(receipts.toSorted())
    expect(new Set(seen).size).toBe(seen.length)
    expect((await ask('/v1/feeds/anp-newsml/receipts?outcome=rejected'))[1].receipts).toEqual([])
  })

  it('are refused to strangers, for unknown feeds, and from behind what is no receipt', async () => {
    expect((await ask('/v1/feeds/anp-newsml/receipts', dpaReader.key))[0]).toBe(403)
    expect((await ask('/v1/feeds/anp-nitf/receipts', bench.operatorKey))[0]).toBe(404)
    expect((await ask('/v1/feeds/anp-newsml/receipts?after=x'))[0]).toBe(400)
  })
})
