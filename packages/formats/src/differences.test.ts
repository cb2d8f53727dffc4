import { expect, it } from 'vitest'
import { differencesOf } from './differences.ts'

it.each([
  ['the same', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ['a property that is undefined', { a: 1, b: undefined }, { a: 1 }, []],
  ['another text', { a: { b: 'x' } }, { a: { b: 'y' } }, [{ at: 'a.b', expected: 'x', found: 'y' }]],
  ['one too few', { a: [1, 2] }, { a: [1] }, [{ at: 'a[1]', expected: 2, found: undefined }]],
  ['one too many', {}, { a: 0 }, [{ at: 'a', expected: undefined, found: 0 }]],
  ['a list and an object', { a: [] }, { a: {} }, [{ at: 'a', expected: [], found: {} }]],
  ['nothing and something', { a: null }, { a: {} }, [{ at: 'a', expected: null, found: {} }]],
  [
    'a property of the prototype',
    { a: {} },
    JSON.parse('{"a":{"constructor":1}}'),
    [{ at: 'a.constructor', expected: undefined, found: 1 }],
  ],
])('tells %s', (_what, expected, found, differences) => {
  expect(differencesOf(expected, found)).toEqual(differences)
})
