import { validateReceiptBatch, validateRejected } from '@dateline/contracts'
import type { LogRecord } from '@dateline/ports'
import { decodeParsedRecord } from '@dateline/story'
import { ninjsMessage, pageCaptureMessage } from '@dateline/testkit'
import { expect, it } from 'vitest'
import { normalizerWorker } from './normalizer-worker.ts'

const worker = normalizerWorker('live', { get: () => undefined })
const record = (offset: number, value: Buffer | null): LogRecord => ({
  topic: 'wire.nzp-json',
  partition: 2,
  offset,
  timeMs: Date.parse('2026-01-20T11:00:00Z'),
  key: null,
  value,
  headers: [],
})
const handle = (...values: (Buffer | null)[]) =>
  worker.handle({
    topic: 'wire.nzp-json',
    logId: 'log1',
    partition: 2,
    records: values.map((value, index) => record(10 + index, value)),
  })

it('sends items on under their story key, and says in one receipt what each message held', () => {
  const { appends, tally } = handle(ninjsMessage({ uri: 'https://nzp.example/1' }), pageCaptureMessage({ number: 3 }))
  const parsed = appends.filter((append) => append.topic === 'stories.parsed')
  expect(parsed[0]?.key).toBe('nzp:https://nzp.example/1')
  expect(new Set(parsed.slice(1).map((append) => append.key))).toEqual(new Set(['nzp-json']))
  const first = decodeParsedRecord(Buffer.from(parsed[0]?.value ?? ''))
  expect(first?.line).toMatchObject({
    kind: 'item',
    supplier: 'nzp',
    feed: 'nzp-json',
    position: 'wire.nzp-json@log1/2/10#0',
    receivedAt: '2026-01-20T11:00:00.000Z',
    lane: 'live',
    attempt: '0',
  })
  const receipts = appends
    .filter((append) => append.topic === 'wire.receipts')
    .map((append) => JSON.parse(String(append.value)) as unknown)
  expect(receipts).toHaveLength(1)
  expect(receipts.every((receipt) => validateReceiptBatch(receipt))).toBe(true)
  expect(receipts[0]).toMatchObject({
    writer: 'normalizer',
    messages: [
      { position: 'wire.nzp-json@log1/2/10', items: 1 },
      { position: 'wire.nzp-json@log1/2/11', items: parsed.length - 1 },
    ],
  })
  expect(tally).toEqual([])
})

it('keeps the feed going when one message is bad, and the bytes of that one', () => {
  const broken = Buffer.from('{"uri":"https://nzp.example/2","headline":"Dit breekt a')
  const { appends, tally } = handle(
    ninjsMessage({ uri: 'https://nzp.example/1' }),
    broken,
    ninjsMessage({ uri: 'https://nzp.example/3' }),
    null,
  )
  expect(appends.filter((append) => append.topic === 'stories.parsed').map((append) => append.key)).toEqual([
    'nzp:https://nzp.example/1',
    'nzp:https://nzp.example/3',
  ])
  const rejected = appends.filter((append) => append.topic === 'wire.rejected')
  expect(rejected).toHaveLength(2)
  expect(Buffer.from(rejected[0]?.value ?? '').equals(broken)).toBe(true)
  const header: unknown = JSON.parse(String(rejected[0]?.headers?.[0]?.[1]))
  expect(validateRejected(header)).toBe(true)
  expect(header).toMatchObject({ position: 'wire.nzp-json@log1/2/11', reason: 'malformed', writer: 'normalizer' })
  expect(tally.map(({ outcome, reason }) => `${outcome}/${reason}`)).toEqual(['rejected/malformed', 'rejected/empty'])
})

it('keeps the bytes of a message once, however many of its items are bad', () => {
  const bad = '{"pubstatus":"canceled"}'
  const message = Buffer.from(`[${bad},{"uri":"https://nzp.example/1","headline":"Kop"},${bad},${bad}]`)
  const { appends } = handle(message)
  const rejected = appends.filter((append) => append.topic === 'wire.rejected')
  expect(rejected.map(({ key, value }) => [key, value?.length ?? null])).toEqual([
    ['wire.nzp-json@log1/2/10#0', message.length],
    ['wire.nzp-json@log1/2/10#2', null],
    ['wire.nzp-json@log1/2/10#3', null],
  ])
})

it('counts the items that held something a story has no place for by path, and those that were mended by flag', () => {
  const odd = (uri: string, more: object) => Buffer.from(JSON.stringify({ uri, headline: 'Kop', ...more }))
  const { reading } = handle(
    odd('https://nzp.example/1', { mood: 'blij', shelf: 2, versioncreated: '2026-01-20T10:00:00' }),
    odd('https://nzp.example/2', { mood: 'boos' }),
    odd('https://nzp.example/3', {}),
  )
  expect(reading?.feed).toBe('nzp-json')
  expect([...(reading?.unmapped ?? [])]).toEqual([
    ['mood', 2],
    ['shelf', 1],
  ])
  expect([...(reading?.flags ?? [])]).toEqual([['zone-assumed', 1]])
})
