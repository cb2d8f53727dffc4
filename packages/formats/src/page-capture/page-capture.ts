import { ignore, type Outcome, pass, type Roled, reject, type Story } from '@dateline/story'
import { escapeText, printable } from '../body/body-text.ts'
import { timeFlags } from '../dates.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { type PagePiece, piecesOf } from './page-pieces.ts'
import { instantOf, type RelativeTime } from './relative-time.ts'

const maxStories = 200
const maxLines = 20_000
/** One word or two without a full stop, above something longer. */
const label = /^[\p{L}\p{N}&’'.-]{1,24}(?: [\p{L}\p{N}&’'-]{1,24})?$/u
/** "Door onze redactie", "By Jane Doe". */
const byline = /^(?:[Dd]oor|[Bb]y|[Vv]on|[Pp]ar|DOOR|BY|VON|PAR)\s+((?:onze|our|unser|notre|\p{Lu}).{1,78})$/u

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
  const textAt = datelineAt >= 0 ? datelineAt : lines.length > 1 ? 1 : 0
  const { headlines, by } = aboveOf(lines.slice(0, textAt))
  const paragraphs = lines.slice(textAt)
  const story: Story = {
    type: 'text',
    ...(headlines.length === 0 ? {} : { headlines }),
    ...(by === undefined ? {} : { by }),
    bodyText: paragraphs.join('\n\n'),
    bodyHtml: paragraphs.map((paragraph) => `<p>${escapeText(paragraph)}</p>`).join(''),
    ...(section === undefined ? {} : { section }),
    ...(time === undefined ? {} : timesOf(time, context)),
  }
  return pass({ story, source: lines.join('\n') })
}

/** What stands above a text: names of site and section, then the headline, lines that go on with it, and who wrote it. */
function aboveOf(above: readonly string[]): { readonly headlines: readonly Roled[]; readonly by?: string } {
  const bylineAt = above.findIndex((line, at) => at > 0 && byline.test(line))
  const by = bylineAt < 0 ? undefined : above[bylineAt]?.replace(byline, '$1')
  const titles = above.filter((_line, at) => at !== bylineAt)
  const headlineAt = Math.max(
    0,
    titles.findIndex((line) => !label.test(line)),
  )
  const headlines = titles
    .slice(headlineAt)
    .map((value, at): Roled => (at === 0 ? { value } : { role: 'subheadline', value }))
  return { headlines, ...(by === undefined ? {} : { by }) }
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
