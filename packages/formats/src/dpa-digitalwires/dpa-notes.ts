import { isObject, type JsonObject, listOf, textOf } from '../json/json-values.ts'
import { plainText } from '../json/plain-line.ts'

const mostNotes = 200

/**
 * Notes to editors: the two parts of the notepad, and each note that the notepad does not have already. None is for readers, not even
 * the public part.
 */
export function dpaNotes(item: JsonObject): string[] {
  const pad = isObject(item.notepad) ? item.notepad : {}
  const notes = [pad.public_html, pad.nonpublic_html].flatMap((part) => plainText(part) ?? [])
  const inPad = squeezed(notes.join('\n'))
  const others = listOf(item.ednotes)
    .slice(0, mostNotes)
    .flatMap((note) => plainText(isObject(note) ? note.ednote : textOf(note)) ?? [])
  for (const note of new Set(others)) if (!inPad.includes(squeezed(note))) notes.push(note)
  return notes
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ')
