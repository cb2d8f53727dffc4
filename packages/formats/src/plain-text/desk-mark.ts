import { timeFlags } from '../dates.ts'
import { folded } from '../folded.ts'
import type { ParseContext } from '../wire-format.ts'
import { type DeskWords, deskWords } from './desk-words.ts'
import { readWordedTime } from './worded-time.ts'

/** A line above a text that is for the desk: an embargo, a kill, a label. */
export type DeskMark = (
  | { readonly kind: 'embargo'; readonly embargoed: string; readonly flags: readonly string[] }
  | { readonly kind: 'urgency'; readonly urgency: number; readonly label: string }
  | { readonly kind: 'kill' | 'correction' | 'repeat' | 'test' | 'press-release' | 'label' }
) & {
  /** What follows on the same line, and may be the headline. */
  readonly rest?: string | undefined
}

const longest = 200
const longestHeadline = 160
/** Behind a word: what parts it from a headline on the same line. */
const separator = /^\s*(?:[:=]|[-–—](?=\s)|\/{1,2}|\+{2,3})\s*/
const decoration = /^[\s*+=#([_~>!•-]+|[\s*+=#)\]_~<!.:-]+$/g

type Words = Extract<
  { [K in keyof DeskWords]: DeskWords[K] extends readonly string[] ? K : never }[keyof DeskWords],
  string
>
const longestFirst = (words: readonly string[]): string[] => [...new Set(words)].sort((a, b) => b.length - a.length)
const wordsOf = (key: Words): string[] => longestFirst(deskWords.flatMap((words) => words[key]))

const embargo = wordsOf('embargo')
const embargoLifted = wordsOf('embargoLifted')
const untilFurtherNotice = wordsOf('untilFurtherNotice')
const kill = wordsOf('kill')
const plainKinds = [
  ['test', wordsOf('test')],
  ['correction', wordsOf('correction')],
  ['repeat', wordsOf('repeat')],
  ['press-release', wordsOf('pressRelease')],
  ['label', wordsOf('label')],
] as const
const urgencies = new Map(deskWords.flatMap((words) => Object.entries(words.urgency)))
const urgencyLabels = longestFirst([...urgencies.keys()])

/** What a line says to the desk; null for a line that is news. Words must fill the line, or stand before a colon or dash. */
export function readMark(line: string, context: ParseContext): DeskMark | null {
  if (line.length > longest) return null
  const text = line.replace(decoration, '')
  const fold = folded(text)
  const mark =
    readEmbargo(text, fold, context) ?? readKill(text, fold) ?? readUrgency(text, fold) ?? readPlain(line, text, fold)
  return mark?.rest !== undefined && isSentence(line) ? { ...mark, rest: undefined } : mark
}

/** What ends in a full stop is a note, not a headline. */
const isSentence = (line: string): boolean => /\.["'”’)\]]*\s*$/.test(line)

function readEmbargo(text: string, fold: string, context: ParseContext): DeskMark | null {
  if (embargoLifted.some((word) => startsWord(fold, word) && fold.length <= word.length + 40))
    return { kind: 'embargo', embargoed: 'none', flags: [] }
  const word = embargo.find((each) => startsWord(fold, each))
  if (word === undefined) return null
  const after = text.slice(word.length).replace(/^['’]?(?:au|à|a)?[\s:.,=–—-]+/, '')
  if (after === '' || untilFurtherNotice.some((each) => fold.includes(each)))
    return { kind: 'embargo', embargoed: 'indefinite', flags: [] }
  const time = readWordedTime(after, context)
  const isHolding = isInCapitals(text) || untilWords.test(word) || /^\s*:/.test(text.slice(word.length))
  if (time === null || isInclusive(after, time.length)) {
    if ((!isHolding && time === null) || isOfTrade(word, after)) return null
    return { kind: 'embargo', embargoed: 'indefinite', flags: ['embargo-unreadable'] }
  }
  const rest = restOf(after.slice(time.length))
  if (rest === undefined && isOfTrade(word, after.slice(time.length))) return null
  return {
    kind: 'embargo',
    embargoed: time.instant,
    flags: [...timeFlags(time), ...(time.dateAssumed ? ['embargo-date-assumed'] : [])],
    ...(rest === undefined ? {} : { rest }),
  }
}

/** Words that ask for a time: what follows holds, though it be no time that can be read. */
const untilWords = /(?:\b(?:tot|until|till|before|avant|voor)|sperrfrist bis|embargo bis|jusqu(?:'au?)?)$/

/** Through a day, not until it: held, for want of a clock time. */
const isInclusive = (after: string, timeLength: number): boolean =>
  /^(?:en met|einschlie|and including|en inbegrip)/.test(folded(after.slice(0, 20))) ||
  /^[^\p{L}]{0,3}(?:inclus|inclusive|einschl)/u.test(folded(after.slice(timeLength, timeLength + 20)))

/** "Embargo op olie", "Embargo tot 2027 verlengd": of trade, not of news. */
const isOfTrade = (word: string, after: string): boolean =>
  word.startsWith('embargo') && tradeWords.test(folded(after.slice(0, longest)).trim())

const tradeWords =
  /^(?:op|tegen|van|voor|on|against|of|gegen|auf|sur|contre)\s|\b(?:verlengd|uitgebreid|verscherpt|versoepeld|extended|widened|eased|verlangert|ausgeweitet|gelockert|prolonge|etendu|allege)\b/

function readKill(text: string, fold: string): DeskMark | null {
  const word = kill.find((each) => startsWord(fold, each))
  if (word === undefined) return null
  const after = text.slice(word.length)
  if (after === '' || /^(?:[\s!,.=-]*kill)+[\s!,.=-]*$/.test(fold.slice(word.length))) return { kind: 'kill' }
  const isOrder = isInCapitals(text.slice(0, word.length)) || /^(?:bericht|depeche|mandatory|meldung|story) /.test(word)
  return isOrder && separator.test(after) ? { kind: 'kill' } : null
}

function readUrgency(text: string, fold: string): DeskMark | null {
  const word = urgencyLabels.find((each) => startsWord(fold, each))
  const urgency = urgencies.get(word ?? '')
  if (word === undefined || urgency === undefined) return null
  const label = text.slice(0, word.length)
  const after = text.slice(word.length)
  if (after === '') return { kind: 'urgency', urgency, label }
  const rest = isInCapitals(label) ? restOf(after) : undefined
  return rest === undefined ? null : { kind: 'urgency', urgency, label, rest }
}

function readPlain(line: string, text: string, fold: string): DeskMark | null {
  for (const [kind, words] of plainKinds) {
    const word = words.find((each) => startsWord(fold, each))
    if (word === undefined) continue
    const after = text.slice(word.length)
    if (after === '') return { kind }
    if (kind === 'press-release' && word.includes(' ')) return { kind }
    if (kind === 'label' || kind === 'test' || !separator.test(after)) continue
    if (/^\s*[([]/.test(line)) return { kind }
    const rest = restOf(after)
    return rest === undefined ? { kind } : { kind, rest }
  }
  return null
}

/** The word begins the text, and ends there. */
function startsWord(fold: string, word: string): boolean {
  if (!fold.startsWith(word)) return false
  const next = fold[word.length]
  return next === undefined || !/[\p{L}\p{N}]/u.test(next)
}

/** A headline behind a word. */
function restOf(after: string): string | undefined {
  const found = separator.exec(after)
  if (found === null) return undefined
  const rest = after.slice(found[0].length).trim()
  return rest.length >= 8 && rest.length <= longestHeadline ? rest : undefined
}

const isInCapitals = (text: string): boolean => text === text.toUpperCase() && text !== text.toLowerCase()
