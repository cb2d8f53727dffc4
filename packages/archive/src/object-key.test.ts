import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Chain, chainPrefix, keyBehind, objectKey, parseObjectKey } from './object-key.ts'

const anyChain: fc.Arbitrary<Chain> = fc.record({
  topic: fc.stringMatching(/^wire\.[a-z0-9]{1,20}(\.flash)?$/),
  logId: fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/),
  partition: fc.nat({ max: 5_000 }),
})
const anyBase = fc.nat({ max: Number.MAX_SAFE_INTEGER })

test('says everything that it was made from', () => {
  fc.assert(
    fc.property(anyChain, anyBase, (chain, base) => {
      expect(parseObjectKey(objectKey(chain, base))).toEqual({ chain, base })
    }),
  )
})

test('sorts by bytes as positions do, all within the prefix of the chain and before its end', () => {
  fc.assert(
    fc.property(anyChain, anyBase, anyBase, (chain, a, b) => {
      expect(Buffer.compare(Buffer.from(objectKey(chain, a)), Buffer.from(objectKey(chain, b)))).toBe(Math.sign(a - b))
      expect(objectKey(chain, a).startsWith(chainPrefix(chain))).toBe(true)
      expect(objectKey(chain, a) < keyBehind(chain)).toBe(true)
    }),
  )
})

for (const key of [
  '',
  'raw/v1/wire.anp/log/p=0/1',
  'raw/v1/wire.anp/log/p=01/00000000000000000000',
  'raw/v1/wire.anp/log/p=x/00000000000000000000',
  'raw/v2/wire.anp/log/p=0/00000000000000000000',
  'raw/v1/wire.anp/log/p=0/00000000000000000000/x',
  'raw/v1/wire.anp/log/p=0/99999999999999999999',
]) {
  test(`takes "${key}" for no object`, () => {
    expect(parseObjectKey(key)).toBe(null)
  })
}
