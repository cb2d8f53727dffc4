import { Parser } from 'htmlparser2'
import { bodyWriter, type CleanBody } from './body/body-writer.ts'

export type { CleanBody } from './body/body-writer.ts'

/** htmlparser2 12 moves its whole stack at every tag: beyond this depth the mark-up is given up and the text kept. */
const deepest = 250

/**
 * An HTML or XHTML fragment as clean XHTML (paragraphs, headings, lists, tables, quotes, simple inline mark-up, http and mail links) and
 * as plain text whose paragraphs are parted by an empty line. Scripts, styles, forms and media go with all that is in them. Text outside
 * of any block becomes a paragraph. Takes time in proportion to the input, whatever that is.
 */
export function cleanHtml(fragment: string): CleanBody {
  return readSimple(fragment) ?? readHtml(fragment) ?? readHtml(withoutTags(fragment)) ?? { html: '', text: '' }
}

/** Bodies that are nothing but `<p>text</p>`, as most JSON feeds send them: a tenth of the cost. null when there is anything else. */
function readSimple(fragment: string): CleanBody | null {
  const writer = bodyWriter()
  let at = 0
  for (;;) {
    const start = fragment.indexOf('<', at)
    if (fragment.slice(at, start < 0 ? undefined : start).trim() !== '') return null
    if (start < 0) return writer.end()
    if (!fragment.startsWith('<p>', start)) return null
    const end = fragment.indexOf('<', start + 3)
    if (end < 0 || !fragment.startsWith('</p>', end)) return null
    const text = fragment.slice(start + 3, end)
    if (text.includes('&')) return null
    writer.open('p', none)
    writer.text(text)
    writer.close('p')
    at = end + 4
  }
}

const none = {}

function readHtml(fragment: string): CleanBody | null {
  const writer = bodyWriter()
  let depth = 0
  // The parser cuts text at every entity and stray bracket; it is cheaper cleaned whole.
  let text = ''
  const flush = (): void => {
    if (text !== '') writer.text(text)
    text = ''
  }
  const parser = new Parser({
    onopentag(name, attributes) {
      depth++
      flush()
      if (depth > deepest) parser.pause()
      // A name whose content goes: the writer counts ends, whatever they are called.
      else writer.open(isHidden(attributes) ? 'template' : localName(name), attributes)
    },
    onclosetag(name) {
      depth--
      flush()
      if (depth < deepest) writer.close(localName(name))
    },
    ontext(data) {
      text += data
    },
  })
  parser.write(fragment)
  if (depth > deepest) return null
  parser.end()
  flush()
  return writer.end()
}

/** What no reader of the page sees: mails hold a preview of their text so. */
const isHidden = ({ hidden, style }: Readonly<Record<string, string>>): boolean =>
  hidden !== undefined || (style !== undefined && /display\s{0,5}:\s{0,5}none/i.test(style))

/** XHTML with prefixes is seen too: "html:p". */
const localName = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name)

function withoutTags(fragment: string): string {
  const parts: string[] = []
  let at = 0
  for (;;) {
    const start = fragment.indexOf('<', at)
    const end = start < 0 ? -1 : fragment.indexOf('>', start)
    if (end < 0) break
    parts.push(fragment.slice(at, start), ' ')
    at = end + 1
  }
  const rest = fragment.slice(at)
  return parts.join('') + (rest.includes('<') ? rest.slice(0, rest.indexOf('<')) : rest)
}
