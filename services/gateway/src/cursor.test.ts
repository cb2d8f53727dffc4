import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatCursor, parseCursor } from './cursor.ts'

const offsets = fc.array(fc.integer({ min: 0, max: 2 ** 50 }), { minLength: 12, maxLength: 12 })

it('comes back as it went out', () => {
  fc.assert(
    fc.property(offsets, fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/), (next, logId) => {
      expect(parseCursor(formatCursor({ logId, next }), 12)).toEqual({ logId, next })
    }),
  )
})

it.each([
  '',
  'x',
  'log.1',
  'log.1.1.1.1.1.1.1.1.1.1.1',
  `log${'.1'.repeat(13)}`,
  `log${'.-1'.repeat(12)}`,
  `${'l'.repeat(500)}${'.1'.repeat(12)}`,
  `lo g${'.1'.repeat(12)}`,
])('%j is no cursor over twelve partitions', (text) => {
  expect(parseCursor(text, 12)).toBeNull()
})

it('never throws, whatever it is given', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseCursor(text, 12)))
})
