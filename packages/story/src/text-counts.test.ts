import { expect, it } from 'vitest'
import { textCounts } from './text-counts.ts'

it.each([
  ['', 0, 0],
  ['De brug is dicht.', 17, 4],
  ["d'Ivoire – 3,5 %  \n\n- eind", 26, 3],
  ['één\u00a0ça', 6, 2],
  ['東京 の', 4, 2],
  ['ok 😀', 4, 1],
])('counts the characters and words of "%s"', (text, charCount, wordCount) => {
  expect(textCounts(text)).toEqual({ charCount, wordCount })
})
