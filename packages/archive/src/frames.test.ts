import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeFrames, encodeFrame } from './frames.ts'
import { anyRecord, message } from './testing/records.ts'

test('gives every record back as it was, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 8 }), (records) => {
      const decoded = decodeFrames(Buffer.concat(records.map(encodeFrame)))
      expect(decoded).toEqual({ records, fault: null })
    }),
  )
})

test('never throws, and never hands out a message that is not as it was, whatever happened to the bytes', () => {
  const records = [0, 1, 2, 3].map((offset) => message(offset, `tekst ${offset} `.repeat(20)))
  const whole = Buffer.concat(records.map(encodeFrame))
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), (at, byte, isCut) => {
      const damaged = isCut ? whole.subarray(0, at) : Buffer.from(whole)
      if (!isCut) damaged[at] = byte
      for (const record of decodeFrames(damaged).records) {
        expect(records.some((one) => one.value?.equals(record.value ?? Buffer.alloc(0)))).toBe(true)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('never throws on bytes that are no frames', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(`${text}\n`)),
      ),
      (array) => {
        const { records, fault } = decodeFrames(Buffer.from(array))
        expect(records).toEqual([])
        expect(fault === null).toBe(array.length === 0)
      },
    ),
  )
})

test('says where a cut begins, and gives what stands before it', () => {
  const whole = Buffer.concat([encodeFrame(message(7)), encodeFrame(message(8))])
  const { records, fault } = decodeFrames(whole.subarray(0, whole.length - 3))
  expect(records).toEqual([message(7)])
  expect(fault).toBe('the message at offset 8 is cut or has another length')
})

test('is a line of JSON and the bytes, so that other tools can read it', () => {
  const text = encodeFrame(message(41, 'Bericht\nin twee regels')).toString()
  expect(text).toBe(
    '{"topic":"wire.anp","partition":0,"offset":41,"timeMs":1764000041000,"key":"YW5w","headers":[["feed","YW5w"]],' +
      '"sha256":"b31737450c2b8370a4b0f39a11269d44ab725b5332b6567bdf039affaddf328f","length":22}\nBericht\nin twee regels\n',
  )
})
