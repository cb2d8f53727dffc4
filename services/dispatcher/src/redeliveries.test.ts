import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { until } from '@dateline/ports/contracts'
import { applyTopics } from '@dateline/runtime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { redeliveries } from './redeliveries.ts'
import { contextOf, storyRecord } from './testing/dispatcher-bench.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'

let dir = ''
let engines: Engines
let receiver: Receiver
let stop: () => Promise<void> = async () => {}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-redeliveries-'))
  engines = await openEmbedded({ dir })
  receiver = await startReceiver()
  await applyTopics(engines.log, [])
})
afterEach(async () => {
  await stop()
  await receiver.close()
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

async function start(more = ''): Promise<void> {
  const config = `subscriptions: { cms: { deliver: webhook, url: "${receiver.url}", allowPrivate: true${more} } }`
  const service = redeliveries(await contextOf(engines, config), { pausesMs: [20, 20] })
  await service.start()
  stop = () => service.stop(2_000)
}

const again = (seq: number, headers: Readonly<Record<string, string>> = {}) => ({
  ...storyRecord({
    key: 'anp:1',
    seq,
    headers: { ce_replayid: 'rpl_1', 'dateline-subscription': 'cms', ...headers },
  }),
  topic: 'stories.redeliveries',
})

it('delivers in order, under a webhook-id of the event and the replay, and tries again under the same', async () => {
  let refusals = 1
  receiver.answer = () => (refusals-- > 0 ? 500 : 200)
  await start()
  await engines.log.append([again(1), again(2)])
  await until('all came', () => receiver.deliveries.length === 3)
  expect(receiver.names()).toEqual(['anp:1#1', 'anp:1#1', 'anp:1#2'])
  expect(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).toEqual([
    'evt_anp:1_1_rpl_1',
    'evt_anp:1_1_rpl_1',
    'evt_anp:1_2_rpl_1',
  ])
  expect(JSON.parse(receiver.deliveries[0]?.text ?? '{}')).toMatchObject({ id: 'evt_anp:1_1', replayid: 'rpl_1' })
})

it('gives up after a few tries and goes on with the next one', async () => {
  receiver.answer = ({ seq }) => (seq === 1 ? 500 : 200)
  await start()
  await engines.log.append([again(1), again(2)])
  await until('the second came', () => receiver.names().includes('anp:1#2'))
  expect(receiver.names()).toEqual(['anp:1#1', 'anp:1#1', 'anp:1#1', 'anp:1#2'])
})

it('sends nothing of what was only processed anew to a subscription that does not want it', async () => {
  await start(', reprocessed: false')
  await engines.log.append([again(1, { ce_change: 'reprocessed' }), again(2)])
  await until('the second came', () => receiver.deliveries.length === 1)
  expect(receiver.names()).toEqual(['anp:1#2'])
})
