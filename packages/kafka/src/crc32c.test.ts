import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'

// RFC 3720, B.4, and the check value of the CRC catalogue.
test.each([
  ['nothing', Buffer.alloc(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['0 to 31', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
])('of %s', (_, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum)
})

test('is the same wherever the bytes lie', () => {
  const bytes = randomBytes(1_003)
  const sums = [0, 1, 2, 3, 4, 5, 6, 7].map((shift) => {
    const room = Buffer.alloc(1_100)
    bytes.copy(room, shift)
    return crc32c(room.subarray(shift, shift + bytes.length))
  })
  expect(new Set(sums).size).toBe(1)
})
