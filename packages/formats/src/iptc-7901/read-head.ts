import type { Story } from '@dateline/story'
import { squeeze } from '../body/body-text.ts'
import type { ParseContext } from '../wire-format.ts'
import { deskWord, genreNamed, startsByline, urgencyWord } from './desk-words.ts'
import { readEmbargo } from './embargo-line.ts'

/** What the lines from STX to "=" say. */
export interface Head {
  readonly headlines: readonly string[]
  readonly by?: string
  readonly genres: readonly string[]
  readonly edNotes: readonly string[]
  readonly change?: NonNullable<Story['change']>
  readonly signals: readonly string[]
  /** By a word of priority: 1 or 2. */
  readonly urgency?: number
  readonly embargoed?: string
  readonly flags: readonly string[]
}

type Draft = {
  headlines: string[]
  by?: string
  genres: string[]
  edNotes: string[]
  change?: NonNullable<Story['change']>
  signals: Set<string>
  urgency?: number
  embargoed?: string
  flags: Set<string>
}

const width = 69
const lead = /^(?:\d{1,2}(?:st|nd|rd|th)|\d{1,2}\.)?\s?(?:lead|net)$/i
/** Calls upon editors, above a notice. */
const call = /^(?:atenci[oó]n redacciones|achtung|attention)$/i
const embargoOrder = /^(?:Sperrfrist|Embarg(?:o|oed|ado|ada) |[ÊE]tre soumis)/i
const forEditors = /^(?:eds|editors|attention editors|achtung|atenci[oó]n|attention)\b\s*[:)]/i
/** A word of priority before a headline: "URGENT: Dam breaks", or, in Spanish, "URGENTE Cede una presa". */
const leadingWord = /^(D['’]URGENCE|[\p{Lu}]{3,8})\s*(:)?\s+(?=\S)/u

/** Reads the head. `isUrgent`: the header line gives priority 1 or 2, so that a word of priority needs no colon. */
export function readHead(lines: readonly string[], isUrgent: boolean, context: ParseContext): Head {
  const draft: Draft = { headlines: [], genres: [], edNotes: [], signals: new Set(), flags: new Set() }
  for (const line of wholeLines(lines)) readLine(line, draft, { isUrgent, context })
  // A notice may have nothing but "KILL KILL KILL" for a headline.
  if (draft.headlines.length === 0 && draft.flags.has('kill-in-text')) {
    const notice = draft.edNotes.shift()
    if (notice !== undefined) draft.headlines.push(notice)
  }
  return { ...draft, signals: [...draft.signals], flags: [...draft.flags] }
}

/** Brackets that go on over several lines, and lines that the width broke, as one line each; without the "=" at the end. */
function wholeLines(lines: readonly string[]): string[] {
  const whole: string[] = []
  let last = ''
  for (const line of lines) {
    const text = squeeze(line.replace(/(?:^|\s)=\s*$/, ''))
    if (text === '') continue
    const open = whole.length - 1
    if (open >= 0 && continues(whole[open] ?? '', last, text)) whole[open] += ` ${text}`
    else whole.push(text)
    last = text
  }
  return whole
}

function continues(whole: string, last: string, next: string): boolean {
  if (whole.startsWith('(')) return isOpen(whole)
  if (embargoOrder.test(whole)) return false
  if (next.startsWith('(') || startsByline(next)) return false
  const word = /^\S*/.exec(next)?.[0].length ?? 0
  return last.length + 1 + word > width || /[:,]$/.test(last) || (last.length > 20 && /^\p{Ll}/u.test(next))
}

function isOpen(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '(') depth++
    if (character === ')') depth--
  }
  return depth > 0
}

interface LineContext {
  readonly isUrgent: boolean
  readonly context: ParseContext
}

function readLine(line: string, draft: Draft, { isUrgent, context }: LineContext): void {
  const isBracketed = line.startsWith('(') && line.endsWith(')')
  const inner = isBracketed ? line.slice(1, -1).trim() : line
  const embargo = readEmbargo(inner, context)
  if (embargo !== null && (embargo.before === '' || isBracketed)) {
    draft.embargoed = embargo.embargoed
    for (const flag of embargo.flags) draft.flags.add(flag)
    draft.edNotes.push(inner)
    if (genreNamed(embargo.before) !== undefined) draft.genres.push(genreNamed(embargo.before) ?? '')
    return
  }
  if (readWord(inner, draft, isBracketed)) return
  if (isBracketed || forEditors.test(line)) readNote(inner, draft)
  else if (startsByline(line) && draft.headlines.length > 0)
    draft.by = draft.by === undefined ? line : `${draft.by}, ${line}`
  else readHeadline(line, draft, isUrgent)
}

/** A word of its own, or one before a colon: "REFILE", "(Berichtigung: Im zweiten Absatz …)". */
function readWord(text: string, draft: Draft, isBracketed: boolean): boolean {
  const bare = text.replace(/^[*\s]+|[*\s:!]+$/g, '')
  const colon = isBracketed ? text.indexOf(':') : -1
  const urgency = urgencyWord(bare)
  if (urgency !== undefined) {
    draft.urgency = Math.min(draft.urgency ?? urgency, urgency)
    return true
  }
  if (lead.test(bare)) draft.signals.add('sig:update')
  if (lead.test(bare) || call.test(bare)) {
    draft.edNotes.push(bare)
    return true
  }
  const word = deskWord(bare) ?? (colon < 0 ? undefined : deskWord(text.slice(0, colon).trim()))
  if (word === undefined) return false
  if (word === 'kill') draft.flags.add('kill-in-text')
  else draft.signals.add(`sig:${word}`)
  if (word === 'correction' || (word === 'repeat' && draft.change === undefined)) draft.change = word
  if (word === 'kill' || colon >= 0) draft.edNotes.push(text)
  return true
}

/** In brackets above the headline stands a genre, "(Zusammenfassung - neu: Reaktionen)"; below it a note, "(Foto Archiv)". */
function readNote(text: string, draft: Draft): void {
  const [first = '', ...rest] = text.split(' - ')
  const genre = draft.headlines.length === 0 ? genreNamed(first.trim()) : undefined
  if (genre === undefined) {
    draft.edNotes.push(text)
    return
  }
  draft.genres.push(genre)
  if (rest.length > 0) draft.edNotes.push(rest.join(' - '))
}

function readHeadline(line: string, draft: Draft, isUrgent: boolean): void {
  const genre = draft.headlines.length === 0 ? genreNamed(line) : undefined
  if (genre !== undefined) {
    draft.genres.push(genre)
    return
  }
  const found = leadingWord.exec(line)
  const urgency = found?.[1] === undefined ? undefined : urgencyWord(found[1].replace('’', "'"))
  if (found === null || urgency === undefined || (found[2] === undefined && !isUrgent)) {
    draft.headlines.push(line)
    return
  }
  draft.urgency = Math.min(draft.urgency ?? urgency, urgency)
  draft.headlines.push(line.slice(found[0].length).trim())
}
