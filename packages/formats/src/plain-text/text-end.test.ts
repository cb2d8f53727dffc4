import { describe, expect, it } from 'vitest'
import { readEnd } from './text-end.ts'

const text = ['Eerste regel van het bericht.', '', 'Tweede regel van het bericht.']
const read = (...more: string[]) => {
  const { bodyEnd, notes } = readEnd([...text, ...more], 0)
  return { body: [...text, ...more].slice(0, bodyEnd).filter((line) => line !== ''), notes }
}
const body = [text[0], text[2]]

describe('readEnd', () => {
  it.each([
    ['Noot voor de redactie: foto volgt.'],
    ['(Niet voor publicatie: 010 555 01 99)'],
    ['Eds: adds quote.'],
    ["EDITORS' NOTE: pictures follow"],
    ['NOTES TO EDITORS'],
    ['Hinweis an die Redaktionen: ein Foto folgt.'],
    ['Die folgenden Informationen sind nicht zur Veröffentlichung bestimmt'],
    ['Note aux rédactions – une photo suivra'],
    ["À l'attention des rédactions :"],
  ])('ends the text at "%s"', (line) => {
    expect(read('', line)).toEqual({ body, notes: [line] })
  })

  it.each([
    ['Voor de redactie van de krant was het een lange dag.'],
    ['Edson kwam als eerste over de streep.'],
    ['and/or'],
    ['Het einde van de brug is in zicht.'],
    ['(de bilt)'],
  ])('leaves "%s" in it', (line) => {
    expect(read('', line)).toEqual({ body: [...body, line], notes: [] })
  })

  it.each([['rfj/bcp/dl'], ['(mhe)'], ['dpa abc yydd n1 sku'], ['afp ab/cd']])('takes "%s" for initials', (line) => {
    expect(read(line)).toEqual({ body, notes: [line] })
  })

  it.each([['ENDS'], ['###'], ['-30-'], ['*** EINDE BERICHT ***'], ['- Ende -'], ['(FIN)'], ['Einde persbericht']])(
    'ends the text at "%s", and keeps what follows for the desk',
    (mark) => {
      expect(read('', mark, '', 'Voorlichting', '010 555 01 99')).toEqual({
        body,
        notes: ['Voorlichting 010 555 01 99'],
      })
    },
  )
})
