import { expect, it } from 'vitest'
import { boundedLabels } from './bounded-labels.ts'

it('gives the first labels of a feed as they are, and all later ones as other', () => {
  const label = boundedLabels(2)
  expect(['itemMeta/icon', 'a', 'b', 'itemMeta/icon'].map((text) => label('nzp', text))).toEqual([
    'itemMeta/icon',
    'a',
    'other',
    'itemMeta/icon',
  ])
  expect(label('anp', 'b')).toBe('b')
})

it('lets no supplier write a label as long or as odd as it likes', () => {
  expect(boundedLabels(2)('nzp', `"\n{${'x'.repeat(500)}`)).toBe(`???${'x'.repeat(77)}`)
})
