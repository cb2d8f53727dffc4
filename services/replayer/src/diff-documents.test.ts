import { expect, it } from 'vitest'
import { diffDocuments } from './diff-documents.ts'

it.each([
  ['a value', { language: 'nl' }, { language: 'en' }, [{ field: 'language', before: '"nl"', after: '"en"' }]],
  ['a value that is new', {}, { by: 'A' }, [{ field: 'by', before: null, after: '"A"' }]],
  ['a value that is gone', { by: 'A' }, {}, [{ field: 'by', before: '"A"', after: null }]],
  [
    'a place in a list',
    { headlines: [{ value: 'a' }, { value: 'b' }] },
    { headlines: [{ value: 'a' }, { value: 'c' }] },
    [{ field: 'headlines[1].value', before: '"b"', after: '"c"' }],
  ],
  ['nothing', { a: [1] }, { a: [1] }, []],
  [
    'not what a publisher adds',
    { uri: 'urn:x', altIds: [{ role: 'dateline:storyseq', value: '3' }] },
    { altIds: undefined },
    [],
  ],
])('tells %s', (_name, before, after, expected) => {
  expect(diffDocuments(JSON.stringify(before), JSON.stringify(after))).toEqual(expected)
})

it('cuts what is long, and ends after ten', () => {
  const wide = (letter: string): string =>
    JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_unused, at) => [`f${at}`, letter.repeat(500)])))
  const changes = diffDocuments(wide('a'), wide('b'))
  expect(changes.length).toBe(10)
  expect(changes[0]?.after?.length).toBe(201)
})
