import { isSignOff } from '@dateline/story'
import { moveNotes } from '../body-notes.ts'
import type { Supplier } from './supplier.ts'

/** "CORRECTS para 4 and 9 to say Thursday", "RECTIFICATIF", "Berichtigung". */
const correcting = /^[^\p{L}]{0,5}(?:correct(?:s|ed|ion)?\b|corrig|rectif|berichtig|corrección|corrige)/iu

/** AFP signs its texts with initials, and says in its advisory line that a version corrects another (seen 2014 to 2026). */
export const afp: Supplier = {
  name: 'afp',
  provider: /^(?:www\.)?afp\.com$/,

  correct(_item, reading) {
    if (reading.edNotes.some((note) => correcting.test(note))) reading.story.change = 'correction'
    moveNotes(reading, (text, isLast) => isLast && isSignOff(text))
  },
}
