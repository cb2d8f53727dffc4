import { isBlank, trimLines } from '../teleprinter/controls.ts'
import { unwrap } from '../teleprinter/unwrap.ts'

/** The text that may be published, and what is for editors alone. */
export interface SplitBody {
  readonly text: readonly string[]
  /** In the order of the message; the lines of one note are parted by line feeds. */
  readonly notes: readonly string[]
}

/** "# Notizblock", "# Notebook": a heading of one word or two, in Markdown. */
const notepad = /^#\s?\p{Lu}[\p{L} -]{2,30}$/u
const asterisks = /^\s*\*(?: \*){3,}\s*$/
const notForPublication = [
  'the following information is not',
  'die folgenden informationen sind nicht',
  'les informations suivantes ne sont pas',
  'la siguiente información no',
  'las siguientes informaciones no',
  'następujące informacje nie',
]
/** "(SDA/mf ba)", "(ats/xyz)"; seen in ATS messages of 2019 with a backslash before the slash. */
const bracketed = /^\([A-Za-z]{2,8}\\?\/[\p{L} /.-]{1,40}\)$/u
/** APA's last line: "(Schluss) abc/def". */
const closed = /^\(Schluss\)(?:\s[\p{L}/]{1,30})?$/u
const initials = /^[a-z0-9]{1,5}$/
const mostNotes = 60
const longestNote = 4_000

/** Parts the body from its notepad, what is not for publication, and the authors' line at its end. `agency`: as the header line has it. */
export function splitNotes(body: readonly string[], agency = ''): SplitBody {
  const start = body.findIndex(startsNotes)
  const text = start < 0 ? [...body] : body.slice(0, start)
  const closing: string[] = []
  for (let count = 0; count < 2; count++) {
    const line = lastParagraph(text)
    if (line === null || !isClosing(line, agency)) break
    closing.unshift(line)
    while (text.length > 0 && isBlank(text.at(-1) ?? '')) text.pop()
    text.pop()
  }
  const notes = start < 0 ? [] : notesIn(body.slice(start))
  return { text: trimLines(text), notes: [...closing, ...notes].slice(0, mostNotes) }
}

function startsNotes(line: string): boolean {
  if (line.length > 200) return false
  const text = line.trim()
  return notepad.test(text) || asterisks.test(text) || isNotForPublication(text)
}

function isNotForPublication(text: string): boolean {
  const start = text.slice(0, 60).toLowerCase()
  return notForPublication.some((words) => start.startsWith(words))
}

/** The last line, where it stands alone; null else. */
function lastParagraph(lines: readonly string[]): string | null {
  let at = lines.length - 1
  while (at >= 0 && isBlank(lines[at] ?? '')) at--
  if (at < 1 || !isBlank(lines[at - 1] ?? '')) return null
  const line = (lines[at] ?? '').trim()
  return line.length > 80 ? null : line
}

/** "dpa abc yydd n1 sku": the agency's name, then initials and codes. */
function isClosing(line: string, agency: string): boolean {
  if (bracketed.test(line) || closed.test(line)) return true
  const [first = '', ...others] = line.split(/\s+/)
  const isAgency = first === 'dpa' || (first !== '' && first === agency.toLowerCase().split('-')[0])
  return isAgency && others.length > 0 && others.length <= 8 && others.every((word) => initials.test(word))
}

/** A note for each paragraph; headings lose their marks, and the notepad's own name goes. */
function notesIn(lines: readonly string[]): string[] {
  const notes: string[] = []
  let open: string[] = []
  const close = (): void => {
    const note = unwrap(open, noteWidth).join('\n').slice(0, longestNote)
    if (note !== '') notes.push(note)
    open = []
  }
  for (const line of lines) {
    if (isBlank(line)) close()
    else if (!asterisks.test(line) && !notepad.test(line.trim())) open.push(line.replace(/^#{1,6}\s*/, ''))
  }
  close()
  return notes
}

const noteWidth = 69
