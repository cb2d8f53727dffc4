import type { LogRecord } from '@dateline/ports'
import fc from 'fast-check'

export const chain = { topic: 'wire.anp', logId: 'log-1', partition: 0 } as const

/** Message `offset` of the test's log: always the same bytes. */
export const message = (offset: number, text = `message ${offset}`): LogRecord => ({
  topic: chain.topic,
  partition: chain.partition,
  offset,
  timeMs: 1_764_000_000_000 + offset * 1_000,
  key: Buffer.from('anp'),
  value: Buffer.from(text),
  headers: [['feed', Buffer.from('anp')]],
})

/** The messages from one offset to below another. */
export const messages = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from }, (_, at) => message(from + at))

const bytes = (options: fc.IntArrayConstraints = {}): fc.Arbitrary<Buffer> =>
  fc.uint8Array(options).map((array) => Buffer.from(array))

/** Any record that a log may hand out. */
export const anyRecord: fc.Arbitrary<LogRecord> = fc.record({
  topic: fc.constant(chain.topic),
  partition: fc.constant(chain.partition),
  offset: fc.nat(),
  timeMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  key: fc.option(bytes({ maxLength: 40 })),
  value: fc.option(
    fc.oneof(
      bytes({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    ),
  ),
  headers: fc.array(fc.tuple(fc.string({ unit: 'binary' }), bytes({ maxLength: 40 })), { maxLength: 5 }),
})
