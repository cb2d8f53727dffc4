import { splitNotes } from '../body/split-notes.ts'
import type { Reading } from './reading.ts'
import { putBody } from './story-texts.ts'

const mostRounds = 3

/** Moves paragraphs that are for editors out of the body; one that was hidden behind another too. A body is never emptied so. */
export function moveNotes(reading: Reading, isNote: (text: string, isLast: boolean) => boolean): void {
  for (let round = 0; round < mostRounds; round++) {
    const { bodyHtml, bodyText } = reading.story
    if (bodyHtml === undefined || bodyText === undefined) return
    const paragraphs = bodyText.split('\n\n')
    if (!paragraphs.some((text, at) => isNote(text, at === paragraphs.length - 1))) return
    const { body, notes } = splitNotes({ html: bodyHtml, text: bodyText }, isNote)
    if (notes.length === 0 || body.text === '') return
    reading.edNotes.push(...notes)
    putBody(reading, body)
  }
}
