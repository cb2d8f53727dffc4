import { describe, expect, it } from 'vitest'
import { decode } from './decode.ts'

const sentence = 'Café Zürich, “citaat” – één miljoen €'
const latin = 'Café Zürich, één miljoen'
const xml = (encoding: string, text: string): string => `<?xml version="1.0" encoding="${encoding}"?>\n<p>${text}</p>`
const windows1252 = Buffer.concat([
  Buffer.from('<p>Caf\xe9 Z\xfcrich, ', 'latin1'),
  Buffer.from([0x93]),
  Buffer.from('citaat', 'latin1'),
  Buffer.from([0x94, 0x20, 0x80]),
  Buffer.from('</p>'),
])

/** "Café Zürich: één miljoen, Ærø £ ½" in the sets of old desks. */
const oldText = 'Café Zürich: één miljoen, Ærø £ ½'
const dos850 = Buffer.from('Caf\x82 Z\x81rich: \x82\x82n miljoen, \x92r\x9b \x9c \xab', 'latin1')
const dos437 = Buffer.from('Caf\x82 Z\x81rich: \x82\x82n miljoen, \x92r \x9c \xab', 'latin1')
const mac = Buffer.from('Caf\x8e Z\x9frich: \x8e\x8en miljoen, \xaer\xbf \xa3', 'latin1')

const read = (bytes: Uint8Array, hints = {}) => {
  const outcome = decode(bytes, hints)
  if (outcome.kind !== 'pass') return outcome
  const { text, charset, isCharsetDetected = false } = outcome.value
  return { text, charset, isCharsetDetected }
}

describe('decode', () => {
  it.each([
    ['UTF-8', Buffer.from(sentence), {}, sentence, 'utf-8', false],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${sentence}`), {}, sentence, 'utf-8', false],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${sentence}`, 'utf16le'), {}, sentence, 'utf-16le', false],
    ['UTF-16, big-endian', Buffer.from(`\ufeff${sentence}`, 'utf16le').swap16(), {}, sentence, 'utf-16be', false],
    ['UTF-16 without a mark', Buffer.from(`<p>${sentence}</p>`, 'utf16le'), {}, `<p>${sentence}</p>`, 'utf-16le', true],
    [
      'ISO-8859-1 as the XML says',
      Buffer.from(xml('ISO-8859-1', latin), 'latin1'),
      {},
      xml('ISO-8859-1', latin),
      'windows-1252',
      false,
    ],
    [
      'ISO-8859-15, whose euro sign is elsewhere',
      Buffer.from(xml('ISO-8859-15', 'tien \xa4'), 'latin1'),
      {},
      xml('ISO-8859-15', 'tien €'),
      'iso-8859-15',
      false,
    ],
    [
      'the charset of the content type',
      Buffer.from('tien \xa4', 'latin1'),
      { contentType: 'text/plain; charset="iso-8859-15"' },
      'tien €',
      'iso-8859-15',
      false,
    ],
    [
      'the charset of the feed',
      Buffer.from('tien \xa4', 'latin1'),
      { charset: 'iso-8859-15' },
      'tien €',
      'iso-8859-15',
      false,
    ],
    ['nothing declared and not UTF-8', windows1252, {}, '<p>Café Zürich, “citaat” €</p>', 'windows-1252', true],
    [
      'UTF-8 declared, windows-1252 sent',
      Buffer.from(xml('UTF-8', latin), 'latin1'),
      {},
      xml('UTF-8', latin),
      'windows-1252',
      true,
    ],
    [
      'ISO-8859-1 declared, UTF-8 sent',
      Buffer.from(xml('ISO-8859-1', sentence)),
      {},
      xml('ISO-8859-1', sentence),
      'utf-8',
      true,
    ],
    [
      'plain ASCII, whatever is declared',
      Buffer.from(xml('ISO-8859-1', 'x')),
      {},
      xml('ISO-8859-1', 'x'),
      'utf-8',
      false,
    ],
    ['code page 850 of DOS', dos850, { charset: 'cp850' }, oldText, 'ibm850', false],
    [
      'code page 437 of DOS by the content type',
      dos437,
      { contentType: 'text/plain; charset=IBM437' },
      oldText.replace('Ærø', 'Ær'),
      'ibm437',
      false,
    ],
    ['Mac Roman', mac, { charset: 'macintosh' }, oldText.replace(' ½', ''), 'macintosh', false],
    ['Mac Roman by its other name', mac, { charset: 'MacRoman' }, oldText.replace(' ½', ''), 'macintosh', false],
    [
      'code page 850 declared in the XML',
      Buffer.concat([Buffer.from(xml('cp850', '')), dos850]),
      {},
      xml('cp850', '') + oldText,
      'ibm850',
      false,
    ],
    ['code page 850 named, UTF-8 sent', Buffer.from(sentence), { charset: 'cp850' }, sentence, 'utf-8', true],
    ['Mac Roman named, UTF-8 sent', Buffer.from(sentence), { charset: 'macintosh' }, sentence, 'utf-8', true],
    [
      'UTF-8 declared, the feed’s code page 850 sent',
      dos850,
      { contentType: 'text/plain; charset=utf-8', charset: 'cp850' },
      oldText,
      'ibm850',
      true,
    ],
    [
      'an encoding that nobody knows, and the feed’s beside it',
      dos850,
      { contentType: 'text/plain; charset=x-klingon', charset: 'ibm850' },
      oldText,
      'ibm850',
      false,
    ],
    [
      'a single-byte set that is named for another, as named',
      Buffer.from('Caf\xe9', 'latin1'),
      { charset: 'cp850' },
      'CafÚ',
      'ibm850',
      false,
    ],
    [
      'an unknown encoding',
      Buffer.from(xml('x-klingon', latin), 'latin1'),
      {},
      xml('x-klingon', latin),
      'windows-1252',
      true,
    ],
  ])('reads %s', (_case, bytes, hints, text, charset, isCharsetDetected) => {
    expect(read(bytes, hints)).toEqual({ text, charset, isCharsetDetected })
  })

  it('keeps a long UTF-8 text with one broken byte', () => {
    const bytes = Buffer.concat([Buffer.from('één café '.repeat(20)), Buffer.from([0xe9]), Buffer.from(' einde')])
    expect(read(bytes)).toEqual({
      text: `${'één café '.repeat(20)}\ufffd einde`,
      charset: 'utf-8',
      isCharsetDetected: true,
    })
  })

  it('reads the escape sequences of ISO-2022-JP where that is declared', () => {
    const bytes = Buffer.from('\x1b$B$3\x1b(B', 'latin1')
    expect(read(bytes, { charset: 'iso-2022-jp' })).toMatchObject({ text: 'こ', charset: 'iso-2022-jp' })
  })

  it('reads a text with as many letters below 0xa0 as Greek of DOS has, and as many bells and tabs as a table has', () => {
    const table = Buffer.from('\x08\x10\x81\x82\x84\x07\x7f 12,5\r\n'.repeat(300), 'latin1')
    expect(read(table, { charset: 'cp850' })).toMatchObject({ charset: 'ibm850' })
    expect(read(Buffer.from('\x7f\x7f\r\n\x7f\x07\x07\x07\x07\x07'.repeat(9) + latin, 'latin1'))).toMatchObject({
      charset: 'windows-1252',
    })
  })

  it('keeps every byte of a long text in a code page apart', () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at % 40 === 0 ? 0x82 : 0x61)))
    const text = `é${'a'.repeat(39)}`.repeat(500)
    expect(read(bytes, { charset: 'cp437' })).toEqual({ text, charset: 'ibm437', isCharsetDetected: false })
  })

  it.each([
    ['no bytes', new Uint8Array(), 'empty'],
    ['blanks', Buffer.from(' \r\n\t'), 'empty'],
    ['a byte order mark alone', Buffer.from('\ufeff'), 'empty'],
    ['zeros', Buffer.from('<p>a\0b</p>'), 'charset'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'charset'],
    ['half of UTF-16', Buffer.from([0xff, 0xfe, 0x3c, 0, 0x70]), 'charset'],
    ['compressed bytes', Buffer.from(Array.from({ length: 400 }, (_, at) => ((at * 197 + 31) % 255) + 1)), 'charset'],
  ])('rejects %s', (_case, bytes, reason) => {
    expect(decode(bytes)).toMatchObject({ kind: 'reject', reason })
    expect(decode(bytes, { charset: 'macintosh' })).toMatchObject({ kind: 'reject', reason })
  })
})
