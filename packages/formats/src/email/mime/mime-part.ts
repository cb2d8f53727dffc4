import { Buffer } from 'node:buffer'
import { type Outcome, pass, reject } from '@dateline/story'
import { decodeWords } from './encoded-words.ts'
import { readStructured } from './header-parameters.ts'
import { fieldOf, type HeaderField, readHeader } from './mail-header.ts'
import { decodeTransfer } from './transfer-encoding.ts'

/** A mail, or a part of one (RFC 2045). */
export interface MimePart {
  readonly fields: readonly HeaderField[]
  /** In lower case: "text/plain". */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** In lower case: "attachment", "inline". */
  readonly disposition: string
  readonly fileName?: string
  readonly encoding: string
  /** One character a byte, still encoded; '' for a multipart. */
  readonly content: string
  readonly children: readonly MimePart[]
  /** True where the message ends within it, before the boundary that should. */
  readonly isCut: boolean
}

const mostParts = 200
const deepest = 10

interface Reading {
  partsLeft: number
}

interface Place {
  readonly depth: number
  readonly isInDigest: boolean
  readonly isCut: boolean
}

/** A mail as the tree of its parts, in time proportional to its size. Refuses more than 200 parts, nesting deeper than 10, and a header larger than 256 KB. */
export function readMime(bytes: Uint8Array): Outcome<MimePart> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  // The line that a mailbox puts before each mail.
  const start = text.startsWith('From ') ? text.indexOf('\n') + 1 : 0
  return readPart(text.slice(start), { partsLeft: mostParts }, { depth: 0, isInDigest: false, isCut: false })
}

function readPart(text: string, reading: Reading, place: Place): Outcome<MimePart> {
  if (--reading.partsLeft < 0) return reject('too-complex', `more than ${mostParts} parts`)
  const header = readHeader(text)
  if (header === null) return reject('too-complex', 'a header of more than 256 KB or 1,000 fields')
  const { fields, bodyAt } = header
  const typed = readStructured(fieldOf(fields, 'content-type'))
  const disposed = readStructured(fieldOf(fields, 'content-disposition'))
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(typed.value)
    ? typed.value
    : place.isInDigest
      ? 'message/rfc822'
      : 'text/plain'
  const fileName = disposed.parameters.get('filename') ?? typed.parameters.get('name')
  const part = {
    fields,
    type,
    parameters: typed.parameters,
    disposition: disposed.value,
    ...(fileName === undefined ? {} : { fileName: decodeWords(fileName).slice(0, 300) }),
    encoding: (fieldOf(fields, 'content-transfer-encoding') ?? '7bit').trim().toLowerCase(),
  }
  const boundary = typed.parameters.get('boundary')
  if (!type.startsWith('multipart/') || boundary === undefined || boundary === '')
    return pass({ ...part, content: text.slice(bodyAt), children: [], isCut: place.isCut })
  if (place.depth >= deepest) return reject('too-deep', `parts nested deeper than ${deepest}`)
  const children: MimePart[] = []
  for (const { content, isCut } of splitAt(text.slice(bodyAt), boundary, reading.partsLeft + 1)) {
    const child = readPart(content, reading, {
      depth: place.depth + 1,
      isInDigest: type === 'multipart/digest',
      // An outer boundary ends an inner multipart that forgot its own.
      isCut: isCut && (place.depth === 0 || place.isCut),
    })
    if (child.kind !== 'pass') return child
    children.push(child.value)
  }
  return pass({ ...part, content: '', children, isCut: place.isCut })
}

interface Stretch {
  readonly content: string
  readonly isCut: boolean
}

/** The stretches between the lines that hold the boundary. One more than allowed is enough to refuse the message. */
function splitAt(body: string, boundary: string, most: number): Stretch[] {
  const mark = `--${boundary}`
  const stretches: Stretch[] = []
  let open = -1
  let at = 0
  for (;;) {
    const found = body.indexOf(mark, at)
    if (found < 0) break
    at = found + mark.length
    if (found > 0 && body[found - 1] !== '\n') continue
    const lineEnd = body.indexOf('\n', at)
    const rest = body.slice(at, lineEnd < 0 ? undefined : Math.min(lineEnd, at + 200)).trim()
    const isLast = rest.startsWith('--')
    if (rest !== '' && !isLast) continue
    if (open >= 0) stretches.push({ content: withoutLineEnd(body.slice(open, found)), isCut: false })
    if (isLast || stretches.length >= most) return stretches
    open = lineEnd < 0 ? body.length : lineEnd + 1
    at = open
  }
  if (open >= 0 && open < body.length) stretches.push({ content: body.slice(open), isCut: true })
  return stretches
}

/** The line end before a boundary belongs to the boundary. */
const withoutLineEnd = (text: string): string =>
  text.endsWith('\r\n') ? text.slice(0, -2) : text.endsWith('\n') ? text.slice(0, -1) : text

export const bytesOfPart = (part: MimePart): Buffer => decodeTransfer(part.content, part.encoding)
