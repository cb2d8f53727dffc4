import { expect, it } from 'vitest'
import { unwrap, widthOf } from './unwrap.ts'

const whole = (text: string) => unwrap(text.split('\n'), widthOf(text.split('\n')))
const full = 'A line as long as the teleprinter of the agency made it, which is'

it.each([
  ['joins what a width broke', `${full}\nsixty-nine characters.`, [`${full} sixty-nine characters.`]],
  [
    'keeps a break behind a short line',
    `Zuschauer: 1250 in der Halle\n${full}`,
    ['Zuschauer: 1250 in der Halle', full],
  ],
  ['parts items of a list', `${full}\n- one item\n- another`, [full, '- one item', '- another']],
  ['closes up a compound', `${full} Co-\nVorsitzende`, [`${full} Co-Vorsitzende`]],
  ['leaves a hanging hyphen alone', `${full} Haus-\nund Grundbesitz`, [`${full} Haus- und Grundbesitz`]],
  [
    'joins behind a space at the end of a line',
    `${full}\nDas ist eine kurze Zeile aber \nDas geht weiter`,
    [`${full} Das ist eine kurze Zeile aber Das geht weiter`],
  ],
  ['breaks nothing up in a text without a width', 'Eins\nZwei', ['Eins', 'Zwei']],
])('%s', (_what, text, lines) => {
  expect(whole(text)).toEqual(lines)
})
