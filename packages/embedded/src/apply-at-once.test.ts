import { type Effects, EngineRefusal, type Engines } from '@dateline/ports'
import { rejectionOf, until } from '@dateline/ports/contracts'
import { expect, test } from 'vitest'
import { dataDir, opened, topic } from './testing/data-dir.ts'

const applied = (offset: number) => ({ logId: 'log-a', offset })

async function bench() {
  const engines = await opened(await dataDir())
  for (const name of ['stories.parsed', 'stories', 'wire.receipts']) await engines.log.createTopic(topic(name))
  await engines.log.createTopic(topic('stories.small', { maxMessageBytes: 100 }))
  await engines.log.createTopic(topic('stories.state', { cleanup: 'compact' }))
  await engines.state.claim(0, 'owner')
  const apply = (effects: Partial<Effects>) => engines.applyAtOnce?.({ ...effectsOf(), ...effects })
  return { ...engines, apply }
}

const effectsOf = (): Effects => ({
  appends: [
    { topic: 'stories', key: 'anp:1', value: '{"version":"1"}', headers: [['ce_id', 'evt_1']] },
    { topic: 'wire.receipts', key: 'k', value: '{}' },
  ],
  changelog: [{ topic: 'stories.state', key: 'anp:1', value: '{"seq":1}' }],
  state: {
    partition: 0,
    puts: [{ key: 'anp:1', value: '{"seq":1}' }],
    expected: { token: 'owner', applied: null },
    applied: applied(0),
  },
  position: { group: 'publisher', topic: 'stories.parsed', partition: 0, next: 1 },
})

async function traces({ log, state }: Engines) {
  const high = async (name: string) => (await log.offsets(name))[0]?.high
  return {
    stories: await high('stories'),
    receipts: await high('wire.receipts'),
    changelog: await high('stories.state'),
    committed: (await log.offsets('stories.parsed', 'publisher'))[0]?.committed,
    applied: (await state.load(0, [])).applied,
    value: (await state.load(0, ['anp:1'])).values[0],
  }
}

const none = { stories: 0, receipts: 0, changelog: 0, committed: null, applied: null, value: null }

test('applies appends, changelog, state and position together', async () => {
  const engines = await bench()
  expect(await engines.apply({})).toBe('applied')
  expect(await traces(engines)).toEqual({
    stories: 1,
    receipts: 1,
    changelog: 1,
    committed: 1,
    applied: applied(0),
    value: '{"seq":1}',
  })
  const [record] = await engines.log.read('stories', 0, 0, { maxRecords: 1 })
  expect(record?.headers).toEqual([['ce_id', Buffer.from('evt_1')]])
})

test('wakes the readers of what it appended', async () => {
  const engines = await bench()
  const seen: string[] = []
  await engines.log.consume({
    group: null,
    topics: ['stories'],
    handle: async (batch) => void seen.push(...batch.records.map((record) => String(record.key))),
  })
  await engines.apply({})
  await until('the story came', () => seen.length === 1)
  expect(seen).toEqual(['anp:1'])
})

test('refuses without a trace when the state is not as last seen', async () => {
  const engines = await bench()
  const { state } = effectsOf()
  if (state === null) throw new Error('unreachable')
  expect(await engines.apply({ state: { ...state, expected: { token: 'zombie', applied: null } } })).toBe('refused')
  expect(await engines.apply({ state: { ...state, expected: { token: 'owner', applied: applied(7) } } })).toBe(
    'refused',
  )
  expect(await traces(engines)).toEqual(none)
})

test('leaves no trace when a record is too large, a topic or a partition missing', async () => {
  const engines = await bench()
  const last = { topic: 'stories', key: 'k', value: 'v' }
  const bad = [
    { topic: 'stories.small', key: 'k', value: 'x'.repeat(101) },
    { topic: 'stories.missing', key: 'k', value: 'v' },
    { topic: 'stories', partition: 4, key: 'k', value: 'v' },
  ]
  for (const record of bad) {
    const { appends, changelog } = effectsOf()
    const inAppends = engines.apply({ appends: [...appends, record, last] })
    expect(await rejectionOf(Promise.resolve(inAppends))).toBeInstanceOf(EngineRefusal)
    const inChangelog = engines.apply({ changelog: [...changelog, record, last] })
    expect(await rejectionOf(Promise.resolve(inChangelog))).toBeInstanceOf(EngineRefusal)
  }
  expect(await traces(engines)).toEqual(none)
})

test('spoils nothing for those that share a transaction with a failure', async () => {
  const engines = await bench()
  const outcomes = await Promise.allSettled([
    engines.log.append([{ topic: 'stories', key: 'before', value: 'v' }]),
    // SQLite has no number for this time: the whole transaction fails, and is done again one by one.
    engines.jobs.add('queue', { id: 'job', data: '{}', notBeforeMs: Number.NaN }),
    engines.log.append([{ topic: 'stories', key: 'after', value: 'v' }]),
  ])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const keys = (await engines.log.read('stories', 0, 0, { maxRecords: 9 })).map((record) => String(record.key))
  expect(keys).toEqual(['before', 'after'])
})
