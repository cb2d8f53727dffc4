import { gzipSync } from 'node:zlib'
import type { Random } from './random.ts'
import { changeJson, changeLines, changeXml } from './well-formed.ts'

/** Changes a message in one way; `other` is a message of any format. */
type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer

/** No message grows beyond this but by the mutations that make it large, each of which does so once. */
const largestBytes = 2_000_000

/** Bytes that parsers take for something: ends and beginnings, escapes, marks, numbers and dates out of range. */
const tokens = [
  ...[
    '__proto__',
    '"__proto__":{"a":1},',
    'constructor',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '<?x',
    '<!DOCTYPE a [',
    '&#0;',
  ],
  ...[
    '&#xD800;',
    '&nbsp;',
    '&b;',
    '\0',
    '\\u0000',
    '\\ud800',
    '\\',
    '"',
    "'",
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '=',
  ],
  ...[
    'NaN',
    '1e999',
    '-1',
    '99999999999999999999',
    '0',
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '\ufeff',
    '\u2028',
    '\u202e',
    '\ud83d',
  ],
  ...['2026-13-45T99:99:99Z', '0000-00-00', '20261232T', '+275760-09-14T00:00:00Z', 'Thu, 32 Foo 2026 25:61:61 +9999'],
  ...[
    '\u0001',
    '\u0002',
    '\u0003',
    '\u0004',
    '\r\n\r\n',
    '\u001b',
    '\u0011',
    '\u0018',
    '\u007f',
    '^',
    '\t',
    'KILL',
    'NNNN',
    'ZCZC',
  ],
  ...[
    '=?utf-8?b?////?=',
    '=?x?q?=00?=',
    '--',
    'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n',
    '=\r\n',
    '=E',
    '%00',
    '%',
  ],
  ...[
    'xmlns="urn:x"',
    'xmlns:a=""',
    'xml:lang="',
    ' a="b"',
    '<p>',
    '</p>',
    '<table><tr><td>',
    '<script>',
    'javascript:',
  ],
] as const

const flip: Mutation = (bytes, random) => {
  const changed = Buffer.from(bytes)
  for (let count = random.below(12); count >= 0; count--) changed[random.below(changed.length)] = random.below(256)
  return changed
}

const cut: Mutation = (bytes, random) =>
  random.oneIn(4) ? bytes.subarray(random.below(bytes.length)) : bytes.subarray(0, random.below(bytes.length))

/** The beginning of one message and the end of another. */
const splice: Mutation = (bytes, random, other) =>
  Buffer.concat([bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length))])

const insertPiece: Mutation = (bytes, random, other) => {
  const from = random.below(other.length)
  return insert(bytes, placeIn(bytes, random), other.subarray(from, from + 1 + random.below(600)))
}

const takeOut: Mutation = (bytes, random) => {
  const from = random.below(bytes.length)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.below(bytes.length - from))])
}

const repeat: Mutation = (bytes, random) => {
  const from = random.below(bytes.length)
  const piece = bytes.subarray(from, from + 1 + random.below(random.oneIn(4) ? bytes.length : 120))
  const most = Math.floor(largestBytes / piece.length)
  const count = 1 + random.below(random.oneIn(60) ? most : 40)
  return insert(bytes, from, Buffer.concat(Array<Buffer>(Math.min(count, most)).fill(piece)))
}

const insertTokens: Mutation = (bytes, random) => {
  let changed = bytes
  for (let count = random.below(4); count >= 0; count--)
    changed = insert(changed, placeIn(changed, random), Buffer.from(random.pick(tokens)))
  return changed
}

const controls: Mutation = (bytes, random) => {
  let changed = bytes
  for (let count = random.below(6); count >= 0; count--)
    changed = insert(changed, random.below(changed.length), Buffer.from([random.oneIn(8) ? 127 : random.below(32)]))
  return changed
}

const lineEnds: Mutation = (bytes, random) => {
  const end = random.pick(['\r\n', '\r', '\n', '', '\n\n', '\r\r\n', '\u0085', '\u2028'])
  return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, end), 'latin1')
}

/** The same text in another encoding, or told to be in another. */
const encoding: Mutation = (bytes, random) => {
  const text = bytes.toString(random.oneIn(2) ? 'utf8' : 'latin1')
  const swapped = (): Buffer => Buffer.from(text, 'utf16le').swap16()
  switch (random.below(8)) {
    case 0:
      return Buffer.from(text, 'utf16le')
    case 1:
      return swapped()
    case 2:
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
    case 3:
      return Buffer.concat([Buffer.from([0xfe, 0xff]), swapped()])
    case 4:
      return Buffer.from(text, random.pick(['latin1', 'utf8', 'base64']))
    case 5:
      return Buffer.concat([Buffer.from('\ufeff'), bytes])
    default:
      return Buffer.from(
        text.replace(
          /utf-?8|iso-8859-\d+|windows-125\d|us-ascii/gi,
          random.pick(['utf-16', 'iso-8859-15', 'windows-1252', 'x-none', 'utf-32', 'shift_jis', 'utf-7']),
        ),
        'latin1',
      )
  }
}

const deepForms = [
  ['{"a":', '}'],
  ['[', ']'],
  ['<a>', '</a>'],
  ['<div>', '</div>'],
  ['&lt;ul>&lt;li>', ''],
  ['<blockquote><p>', '</p></blockquote>'],
  ['(', ')'],
  ['<!--', '-->'],
] as const

const nest: Mutation = (bytes, random) => {
  const [open, close] = random.pick(deepForms)
  const depth = 1 + random.below(random.oneIn(20) ? 100_000 : 400)
  const closes = random.oneIn(3) ? '' : close.repeat(depth)
  return insert(bytes, placeIn(bytes, random), Buffer.from(`${open.repeat(depth)}${closes}`))
}

/** A word, a value or an attribute of great length. */
const lengthen: Mutation = (bytes, random) => {
  const unit = random.pick([
    'a',
    'woord ',
    '&amp;',
    '\\u0041',
    ' ',
    '=\r\n',
    '\n',
    '<br/>',
    'é',
    '-',
    '. ',
    '"',
    '>',
    '&',
    ' a=""',
    '9',
  ])
  const length = random.oneIn(20) ? 1_000_000 : 1 + random.below(20_000)
  const long = unit.repeat(Math.ceil(length / unit.length))
  const text = bytes.toString('latin1')
  const inTag = random.oneIn(3) ? text.indexOf('>', random.below(text.length)) : -1
  if (inTag > 0) return insert(bytes, inTag, Buffer.from(` long="${long}"`))
  return insert(bytes, placeIn(bytes, random), Buffer.from(long))
}

/** Numbers for texts, texts for numbers, and either for nothing, lists and objects. */
const otherTypes: Mutation = (bytes, random) => {
  const value = random.pick([
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '"x"',
    '5',
    '-0.5',
    '[[]]',
    '[null]',
    '{"a":{}}',
    '[{"name":[]}]',
  ])
  const each = 1 + random.below(6)
  const text = bytes
    .toString('latin1')
    .replace(/("?)(-?\d{1,20}(?:\.\d{1,20})?)\1(?=\s*[,}\]<])|:\s*"[^"]{0,80}"/g, (found, quote, number) => {
      if (!random.oneIn(each)) return found
      if (number === undefined) return `: ${value}`
      return quote === '"' ? number : `"${number}"`
    })
  return Buffer.from(text, 'latin1')
}

/** Two tags, keys or lines of the message change places, one goes, or one comes twice. */
const shuffleParts: Mutation = (bytes, random) => {
  const parts = bytes.toString('latin1').split(/(?<=[>,\n])/)
  const [first, second] = [random.below(parts.length), random.below(parts.length)]
  const [one = '', two = ''] = [parts[first], parts[second]]
  if (random.oneIn(3)) parts.splice(first, 1)
  else if (random.oneIn(2)) parts.splice(second, 0, one)
  else {
    parts[first] = two
    parts[second] = one
  }
  return Buffer.from(parts.join(''), 'latin1')
}

/** What is told and what is not: values of attributes and elements that are emptied. */
const emptyValues: Mutation = (bytes, random) => {
  const each = 1 + random.below(12)
  const text = bytes.toString('latin1').replace(/(=|:\s?)"[^"]{1,200}"|>[^<]{1,200}</g, (found, before) => {
    if (!random.oneIn(each)) return found
    return before === undefined ? '><' : `${before}""`
  })
  return Buffer.from(text, 'latin1')
}

const pack: Mutation = (bytes, random, other) => {
  if (random.oneIn(2)) return gzipSync(bytes, { level: 1 })
  const encoded = bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
  const text = other.subarray(0, 200).toString('latin1')
  return Buffer.from(
    `From: a@b.example\r\nSubject: c\r\nDate: Tue, 20 Jan 2026 12:00:00 +0000\r\nMessage-ID: <d@b.example>\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: multipart/mixed; boundary="e"\r\n\r\n--e\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--e\r\n` +
      `Content-Type: ${random.pick(['application/xml', 'application/octet-stream', 'text/plain', 'message/rfc822'])}; name="f"\r\n` +
      `Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--e--\r\n`,
    'latin1',
  )
}

/** By name; a name that stands twice is taken twice as often. */
const mutations: readonly [readonly [string, Mutation], ...(readonly [string, Mutation])[]] = [
  ['flip', flip],
  ['flip', flip],
  ['cut', cut],
  ['splice', splice],
  ['insert-piece', insertPiece],
  ['take-out', takeOut],
  ['repeat', repeat],
  ['tokens', insertTokens],
  ['tokens', insertTokens],
  ['controls', controls],
  ['line-ends', lineEnds],
  ['encoding', encoding],
  ['nest', nest],
  ['lengthen', lengthen],
  ['other-types', otherTypes],
  ['other-types', otherTypes],
  ['shuffle-parts', shuffleParts],
  ['shuffle-parts', shuffleParts],
  ['empty-values', emptyValues],
  ['pack', pack],
]

/** The message changed in one to four ways, and their names. Half of them keep its form, so that more than its parser is tried. */
export function mutated(bytes: Buffer, random: Random, other: () => Buffer): { bytes: Buffer; ways: string[] } {
  if (random.oneIn(2)) return { bytes: inForm(bytes)(bytes, random), ways: ['in-form'] }
  let changed = bytes
  const ways: string[] = []
  for (let count = random.below(4); count >= 0 && changed.length > 0 && changed.length < largestBytes; count--) {
    const [name, mutate] = random.pick(mutations)
    changed = mutate(changed, random, other())
    ways.push(name)
  }
  return { bytes: changed, ways }
}

function inForm(bytes: Buffer): (bytes: Buffer, random: Random) => Buffer {
  const start = bytes.subarray(0, 20).toString('latin1').trimStart()
  if (start.startsWith('{') || start.startsWith('[')) return changeJson
  return /^\W{0,8}</.test(start) ? changeXml : changeLines
}

function insert(bytes: Buffer, at: number, piece: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

/** Mostly where a tag, a text or a line begins or ends. */
function placeIn(bytes: Buffer, random: Random): number {
  const at = random.below(bytes.length)
  if (random.oneIn(3)) return at
  const next = bytes.indexOf(random.pick(['>', '<', '"', '\n', ',', ':']), at)
  return next < 0 ? at : next + random.below(2)
}
