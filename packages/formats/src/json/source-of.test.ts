import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formats } from '../formats.ts'
import { textReader } from '../testing/text-reader.ts'

type Change = readonly [sent: string, now: string]
type Case = readonly [format: string, fixture: string, changes: readonly Change[]]

/** The sources of the stories of a recorded message, after changes to its text. */
function sourcesOf(format: string, fixture: string, changes: readonly Change[] = []): readonly string[] {
  const path = fileURLToPath(new URL(`../${format}/fixtures/${fixture}`, import.meta.url))
  const text = changes.reduce(
    (text, [sent, now]) => {
      expect(text, fixture).toContain(sent)
      return text.replaceAll(sent, now)
    },
    readFileSync(path, 'utf8'),
  )
  const found = formats.find(({ name }) => name === format)
  if (found === undefined) throw new Error(`no format ${format}`)
  return textReader(found)
    .items(text)
    .map(({ source }) => source)
}

describe('the source of an item', () => {
  it.each<Case>([
    [
      'ap-media-api',
      'text-item.json',
      [
        ['qt=Hx0a9', 'qt=Jy1b8'],
        ['dt=x1', 'dt=x2'],
        ['"A newsroom"', '"Another"'],
      ],
    ],
    [
      'anp-news-api',
      'item-second-version.json',
      [
        ['12:50:31Z', '12:59:00Z'],
        ['"isRead": true', '"isRead": false'],
      ],
    ],
    [
      'dpa-digitalwires',
      'composite.json',
      [
        ['LEP5Vqg5SNFqqSeUdCOz', 'x'],
        ['09:28:31Z', '11:00:00Z'],
        ['=abc&', '=xyz&'],
      ],
    ],
    ['dpa-digitalwires', 'composite.json', [['"r1"', '"r2"']]],
    [
      'reuters-connect',
      'item.json',
      [
        ['10:00:40Z', '10:30:00Z'],
        ['token=1', 'token=2'],
      ],
    ],
    ['ninjs', 'fingerpost.json', [['15:02:09.000Z', '15:03:00.000Z']]],
  ])('of %s is the same when %s comes again', (format, fixture, changes) => {
    expect(sourcesOf(format, fixture, changes)).toEqual(sourcesOf(format, fixture))
  })

  it.each<Case>([
    ['ap-media-api', 'text-item.json', [['_0a4aza0c0"', '_0a5aza0c0"']]],
    ['anp-news-api', 'item-second-version.json', [['weer open. Dat', 'toch dicht. Dat']]],
    ['dpa-digitalwires', 'composite.json', [['"version": 10', '"version": 11']]],
    ['reuters-connect', 'item.json', [['"urgency": 3', '"urgency": 2']]],
    ['ritzau', 'one-item.json', [['sejler først', 'sejler ikke']]],
  ])('of %s differs when %s changes', (format, fixture, changes) => {
    expect(sourcesOf(format, fixture, changes)).not.toEqual(sourcesOf(format, fixture))
  })
})
