import type { AnpaHeader } from './header-lines.ts'
import { isSlugLine } from './slug-line.ts'

/** What the lines above the text say. */
export interface Head {
  /** Without its cycle, version and number of words. */
  readonly slugline: string
  readonly headline?: string
  /** Further lines, in their order. */
  readonly others: readonly string[]
  readonly by?: string
  readonly edNotes: readonly string[]
  /** "3rd Ld-Writethru", "Adv29"; from the header line, else the slug line. */
  readonly version?: string
}

type Draft = {
  slugline?: string
  headline?: string
  others: string[]
  by?: string
  edNotes: string[]
  version?: string
}

const cycle = /^(?:BC|AM|PM|AP)-/i
const count = /\s?,\s?\d{1,5}$/
const version =
  /,?\s((?:\d{1,2}(?:st|nd|rd|th)\s?)?(?:LEADALL|Ld|Lead|Add|Insert|Sub|Writethru|Correct\w*|Kill|Take|Adv\s?\d*|HFR|HOLD)\b.{0,40})$/i
const forEditors =
  /^\(?(?:(?:Eds|Editors|Ed ?note)\s*:|EDITOR'S NOTE|With (?:AP )?(?:Photos?|Graphics?|Video)|(?:AP|AAP|KYODO|BELGA|Reuters) (?:Photos?|Graphics?|Video)\b|Adv\s?\d|For release\b)/i
const selector = /^\*\d{1,6}$/
const byline = /^(?:By|Par|Door) /

/** Reads the head, whose lines have their carets still. AAP's comes in the order of headline, slug line, note to editors, byline. */
export function readHead(headLines: readonly string[], header: AnpaHeader, hasCarets: boolean): Head {
  const draft: Draft = { others: [], edNotes: [] }
  const lines = headLines.map(lineOf).filter((line) => line.text !== '' && !selector.test(line.text))
  const slug = slugIndex(lines, header, hasCarets)
  lines.forEach((line, at) => {
    if (at === slug) putSlug(line.text, header, draft)
    else if (slug === 1 && at > slug && !hasCarets && !byline.test(line.text)) draft.edNotes.push(line.text)
    else putLine(line, draft, hasCarets)
  })
  const found = header.version ?? draft.version
  return { ...draft, slugline: draft.slugline ?? header.keyword, ...(found === undefined ? {} : { version: found }) }
}

interface Line {
  readonly text: string
  /** Ends with "=", as the lines of a byline do. */
  readonly isCentred: boolean
}

const lineOf = (line: string): Line => ({ text: headText(line), isCentred: line.trimEnd().endsWith('=') })

/** A line of the head without its caret and its end mark. */
export const headText = (line: string): string =>
  line
    .trim()
    .replace(/^\^{1,3}\s?/, '')
    .replace(/\s?[<=+]$/, '')
    .trim()

/** The first line, where it has a cycle or a number of words; AAP's second, which begins with the keyword. -1 where there is none. */
function slugIndex(lines: readonly Line[], { keyword }: AnpaHeader, hasCarets: boolean): number {
  const [first, second] = lines
  if (first !== undefined && (cycle.test(first.text) || (hasCarets && count.test(first.text)))) return 0
  if (hasCarets && first !== undefined && isSlugLine(first.text, keyword)) return 0
  return second !== undefined && isSlugLine(second.text, keyword) ? 1 : -1
}

function putSlug(text: string, { keyword }: AnpaHeader, draft: Draft): void {
  const bare = text.replace(cycle, '').replace(count, '')
  const found = version.exec(bare)
  const rest = found === null ? bare : bare.slice(0, found.index)
  draft.slugline = rest.replace(/[\s,]+$/, '') || keyword
  if (found?.[1] !== undefined) draft.version = found[1].trim()
}

/** A bare headline may go on over several lines; one with a caret is whole. */
function putLine({ text, isCentred }: Line, draft: Draft, hasCarets: boolean): void {
  if (forEditors.test(text)) draft.edNotes.push(text.replace(/^\((.*)\)$/, '$1'))
  else if (byline.test(text) && draft.by === undefined) draft.by = text
  else if (draft.by !== undefined && isCentred) draft.by += `, ${text}`
  else if (draft.headline === undefined) draft.headline = text
  else if (!hasCarets) draft.headline += ` ${text}`
  else draft.others.push(text)
}
