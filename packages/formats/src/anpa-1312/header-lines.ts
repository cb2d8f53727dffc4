import { stx } from '../teleprinter/controls.ts'

/** The two lines before STX, by which wires are sorted. */
export interface AnpaHeader {
  /** Service letter, in lower case; it may be missing. */
  readonly service?: string
  /** Priority letter, in lower case. */
  readonly priority: string
  /** Category letter, in lower case. */
  readonly category: string
  /** DC2 instead of DC1. */
  readonly isTabular: boolean
  /** AM, PM; BC, which stands for both, says nothing. */
  readonly cycle?: string
  /** At most 24 characters, often cut. */
  readonly keyword: string
  /** "3rdLd-Writethru", "Adv29". */
  readonly version?: string
}

/** Where the text after the headers begins. */
export interface FoundHeader {
  readonly header: AnpaHeader
  readonly end: number
}

/** "W2870", US, "asian"; AAP sends no selector, Kyodo its name before US. Control characters are spaces by then, here and below. */
const first = /^([A-Za-z])\d{3,4}(?:[^\d\s]\S{0,28})?(?: \S{0,20})?$/
const second = /^([A-Za-z]) ([A-Za-z]) {1,4}(?:(BC|AM|PM|AP)-)?(\S.*)$/i
/** MM-DD and the number of words, which may be missing. */
const filed = /\s(\d\d-\d\d)(?:\s+\d{1,5})?\s*$/
const fileless = /\s\s+\d{3,5}\s*$/
const dc2 = '\x12'
/** DC1 and DC2 say text or table, DC3 and DC4 how it is set. */
const formatMarks = ['\x11', dc2, '\x13', '\x14']
const longestLine = 160
const mostLines = 12

/**
 * Finds the header lines at the start of a message, behind padding and selector codes; null when there are none. The first may be missing; the second is
 * known by its letters and either its date or its cycle.
 */
export function findHeader(text: string): FoundHeader | null {
  let service: string | undefined
  let start = 0
  for (let count = 0; count < mostLines && start < text.length; count++) {
    const newline = text.indexOf('\n', start)
    const content = text.indexOf(stx, start)
    const isLast = content >= 0 && (newline < 0 || content < newline)
    const end = isLast ? content : newline < 0 ? text.length : newline
    const line = text.slice(start, Math.min(end, start + longestLine))
    const header = readSecond(line, service)
    if (header !== null) return { header, end }
    const named = first.exec(visible(line))
    if (named !== null) service = named[1]?.toLowerCase()
    if (isLast) return null
    start = end + 1
  }
  return null
}

function readSecond(line: string, service: string | undefined): AnpaHeader | null {
  const found = second.exec(visible(line))
  if (found === null) return null
  const [, priority = '', category = '', cycle = '', rest = ''] = found
  const hasControls = formatMarks.some((mark) => line.includes(mark))
  if (!filed.test(rest) && cycle === '' && !(service !== undefined && hasControls)) return null
  if (service === undefined && !hasControls && !(cycle !== '' && filed.test(rest))) return null
  const { keyword, version } = keywordIn(rest.replace(filed, '').replace(fileless, ''))
  return {
    ...(service === undefined ? {} : { service }),
    priority: priority.toLowerCase(),
    category: category.toLowerCase(),
    isTabular: line.includes(dc2),
    ...(/^[ap]m$/i.test(cycle) ? { cycle: cycle.toUpperCase() } : {}),
    keyword,
    ...(version === undefined ? {} : { version }),
  }
}

const visible = (line: string): string => line.replace(/\p{Cc}/gu, ' ').trim()

/** "AS--China-DaringEscap 3rdLd-Writethru". */
function keywordIn(text: string): { readonly keyword: string; readonly version?: string } {
  const [keyword = '', ...version] = text.trim().split(/\s+/)
  return { keyword, ...(version.length === 0 ? {} : { version: version.join(' ') }) }
}
