import { describe, expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

const read = (text: string) => {
  const outcome = plainText.parse(
    { bytes: Buffer.from(text), text, charset: 'utf-8' },
    {
      feed: { name: 'f', supplier: 's', timezone: 'Europe/Amsterdam' },
      receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
    },
  )
  if (outcome.kind !== 'pass' || outcome.value[0]?.kind !== 'pass') throw new Error(JSON.stringify(outcome))
  return outcome.value[0].value.story
}
const body = 'De begroting sluit dit jaar. Dat staat in de stukken van het college.'

describe('an embargo', () => {
  it.each([
    ['under the headline', `Begroting sluit\n\nEMBARGO TOT 15.15 UUR\n\n${body}`],
    ['under the first paragraph', `Begroting sluit\n\n${body}\n\nEMBARGO TOT 15.15 UUR\n\n${body}`],
    ['at the end', `Begroting sluit\n\n${body}\n\n(Embargo tot 20 januari, 15.15 uur)`],
    [
      'in a note',
      `Begroting sluit\n\n${body}\n\nNoot voor de redactie: dit bericht valt onder embargo tot 15.15 uur. Bel gerust.`,
    ],
    [
      'in a note with a date in German figures',
      `Begroting sluit\n\n${body}\n\nHinweis an die Redaktionen: Sperrfrist 20. Januar, 15.15 Uhr. Danke.`,
    ],
    [
      'in a note above the text that goes on on a second line',
      `Noot voor de redactie: het bericht over de begroting valt onder\nembargo tot 15.15 uur.\n\nBegroting sluit\n\n${body}`,
    ],
    ['in the headline, in brackets', `Begroting sluit (embargo tot 15.15 uur)\n\n${body}`],
    ['twice, the later one', `EMBARGO TOT 14.00 UUR\n\nBegroting sluit\n\n${body}\n\nEMBARGO TOT 15.15 UUR`],
    ['before and lifted too', `EMBARGO OPGEHEVEN\n\nBegroting sluit\n\n${body}\n\nEMBARGO TOT 15.15 UUR`],
  ])('holds %s', (_where, text) => {
    const story = read(text)
    expect(story.embargoed).toBe('2026-01-20T15:15:00+01:00')
    expect(story.bodyText).not.toMatch(/embargo/i)
  })

  it('holds until further notice where a note says no time', () => {
    const story = read(`Begroting sluit\n\n${body}\n\nNoot voor de redactie: onder embargo tot na de persconferentie.`)
    expect(story).toMatchObject({ embargoed: 'indefinite', flags: ['embargo-unreadable'] })
  })

  it.each([
    [
      'in a sentence',
      `Raad praat over zout\n\nHet embargo tot 1 februari 2027 treft ook de invoer van zout.\n\n${body}`,
    ],
    [
      'where a line happens to break',
      `Raad praat over zout\n\nDe landen verlengen het\nembargo tot 1 februari 2027. Dat is besloten.\n\n${body}`,
    ],
    ['in a headline', `EU verlengt embargo tot 1 februari 2027\n\n${body}`],
    ['in a note that says there is none', `Begroting sluit\n\n${body}\n\nNoot voor de redactie: geen embargo.`],
  ])('is none %s', (_where, text) => {
    expect(read(text).embargoed).toBeUndefined()
  })
})
