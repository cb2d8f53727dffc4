import { ignore, type Outcome, pass, reject, type Story } from '@dateline/story'
import { escapeText, printable } from '../body/body-text.ts'
import { timeFlags } from '../dates.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { type PagePiece, piecesOf } from './page-pieces.ts'
import { instantOf, type RelativeTime } from './relative-time.ts'

const maxStories = 200
const maxLines = 20_000

/**
 * A news page saved as text: headline and story, then "Meer uit <section>" and briefs, each followed by how long ago it was. One
 * message, many stories, none with an id. Seen on Dutch regional news sites that carry ANP. A text with one dateline and neither section nor
 * time is no page.
 */
export const pageCapture: WireFormat = {
  name: 'page-capture',

  recognises: ({ text }) => {
    const pieces = firstPieces(text)
    return pieces.some(({ kind }) => kind !== 'text') || pieces.filter(hasDateline).length > 1
  },

  parse(message, context) {
    // A feed may name this format, and then nobody asked whether this is a page: JSON or notes are not news.
    const first = firstPieces(message.text)
    if (!first.some((piece) => piece.kind !== 'text' || piece.hasDateline))
      return reject('malformed', 'this is not a page of news: no dateline, section or relative time')
    const lines = printable(message.text)
      .split(/[\n\r\u2028\u2029]+/)
      .map((line) => line.replace(/[\s\u00a0]+/g, ' ').trim())
    if (lines.length > maxLines) return reject('too-complex', `more than ${maxLines} lines`)
    const blocks = blocksOf(lines.filter((line) => line !== '').flatMap(piecesOf))
    if (blocks.length === 0) return reject('no-story', 'the page has no text')
    if (blocks.length > maxStories) return reject('too-complex', `more than ${maxStories} stories`)
    return pass(blocks.map((block) => itemOf(block, context)))
  },
}

/** Of the beginning of a text; none of what is another kind of message. */
function firstPieces(text: string): PagePiece[] {
  const start = text.slice(0, 20_000).trimStart()
  if (start === '' || /^[<{[]/.test(start) || hasControls(start)) return []
  return start.split(/[\n\r\u2028\u2029]+/).flatMap((line) => piecesOf(line.trim()))
}

const hasDateline = (piece: PagePiece): boolean => piece.kind === 'text' && piece.hasDateline

interface Block {
  readonly isLead: boolean
  readonly section?: string
  readonly lines: string[]
  datelineAt: number
  time?: RelativeTime
}

/** Before the first section heading stands the page's own story. After it a time ends a brief, and so does the next dateline. */
function blocksOf(pieces: readonly PagePiece[]): Block[] {
  const sections = pieces.flatMap((piece) => (piece.kind === 'section' ? [piece.name] : []))
  let section = sections[0]
  let isLead = section !== undefined || !pieces.some((piece) => piece.kind === 'time')
  const blocks: Block[] = []
  let open: Block | null = null
  for (const piece of pieces) {
    if (piece.kind === 'section') {
      section = piece.name
      isLead = false
      open = null
    } else if (piece.kind === 'time') {
      if (open) open.time ??= piece.time
      if (!isLead) open = null
    } else {
      if (open && piece.hasDateline && open.datelineAt >= 0) open = null
      if (!open) {
        open = {
          isLead: isLead && blocks.length === 0,
          ...(section === undefined ? {} : { section }),
          lines: [],
          datelineAt: -1,
        }
        blocks.push(open)
      }
      if (piece.hasDateline && open.datelineAt < 0) open.datelineAt = open.lines.length
      open.lines.push(piece.text)
    }
  }
  return blocks
}

function itemOf(block: Block, context: ParseContext): Outcome<ParsedItem> {
  const { lines, datelineAt, time, section } = block
  const isStory = datelineAt >= 0 || time !== undefined || (block.isLead && lines.length > 1)
  if (!isStory) return ignore('not-a-story', lines.join(' ').slice(0, 200))
  const hasHeadline = datelineAt > 0 || (datelineAt < 0 && lines.length > 1)
  const paragraphs = hasHeadline ? lines.slice(1) : lines
  const story: Story = {
    type: 'text',
    ...(hasHeadline ? { headlines: [{ value: lines[0] ?? '' }] } : {}),
    bodyText: paragraphs.join('\n\n'),
    bodyHtml: paragraphs.map((paragraph) => `<p>${escapeText(paragraph)}</p>`).join(''),
    ...(section === undefined ? {} : { section }),
    ...(time === undefined ? {} : timesOf(time, context)),
  }
  return pass({ story, source: lines.join('\n') })
}

function timesOf(time: RelativeTime, { receivedAtMs, feed }: ParseContext): Pick<Story, 'versionCreated' | 'flags'> {
  const read = instantOf(time, receivedAtMs, feed.timezone)
  const flags = time.clock === undefined ? [] : timeFlags(read)
  return { versionCreated: read.instant, flags: ['time-relative', ...flags] }
}

/** Wire formats of the teleprinter age begin with control characters. */
function hasControls(text: string): boolean {
  for (const character of text.slice(0, 200)) if (character < ' ' && !'\n\r\t\f'.includes(character)) return true
  return false
}
