import { type Outcome, pass, reject, type Story } from '@dateline/story'
import type { CleanBody } from '../body/body-writer.ts'
import { timeFlags } from '../dates.ts'
import { type Draft, put } from '../json/json-values.ts'
import { sayKill } from '../kill-words.ts'
import { trimLines } from '../teleprinter/controls.ts'
import { writePreformatted, writeText } from '../teleprinter/write-text.ts'
import type { ParseContext, ParsedItem } from '../wire-format.ts'
import { readAdvance } from './advance.ts'
import { datedDateline } from './dated-dateline.ts'
import type { Frame } from './frame.ts'
import type { AnpaHeader } from './header-lines.ts'
import { type Head, headText, readHead } from './read-head.ts'
import { readStamp } from './stamp.ts'
import { takeEnding } from './suppliers/take-ending.ts'
import { typographic } from './typography.ts'

/** AP's order of priorities, which is IPTC's urgency: flash, bulletin, urgent, regular, deferred, then three kinds of advance. */
const urgencies: ReadonlyMap<string, number> = new Map([...'fburdwas'].map((letter, at) => [letter, at + 1]))
const longestSubheadline = 100

/** A message as a story. */
export function anpa1312Story(header: AnpaHeader, frame: Frame, context: ParseContext): Outcome<ParsedItem> {
  const story: Draft<Story> = {}
  const flags = new Set<string>()
  const head = readHead(frame.head, header, frame.hasCarets)
  const sentAtMs = putStamp(frame, story, flags, context)
  putHeader(header, story)
  putHead(head, story)
  putBody(frame, head, header, story)
  putVersion(head, story, flags, { sentAtMs, timezone: context.feed.timezone })
  if (/\b(?:kill|withdraw|elimin)/i.test(head.version ?? '') || sayKill(story.headlines))
    return reject('kill-without-id', `a message that says ${JSON.stringify(head.version ?? head.headline)}`)
  if (!frame.isWhole) flags.add('end-missing')
  put(story, 'unmapped', header.cycle === undefined ? [] : ['cycle'])
  put(story, 'flags', [...flags])
  if (story.headlines === undefined && story.bodyText === undefined)
    return reject('no-story', 'neither a headline nor a text')
  return pass({ story, source: sourceOf(header, head, frame) })
}

/** Puts the time behind ETX; answers with it, or with that of the arrival, in milliseconds since 1970. */
function putStamp(frame: Frame, story: Draft<Story>, flags: Set<string>, context: ParseContext): number {
  if (frame.stamp === undefined) return context.receivedAtMs
  const stamp = readStamp(frame.stamp, context.feed.timezone)
  if (stamp === null) {
    flags.add('time-unreadable')
    return context.receivedAtMs
  }
  for (const flag of timeFlags(stamp.instant)) flags.add(flag)
  story.versionCreated = stamp.instant.instant
  put(story, 'infoSources', stamp.agency === undefined ? [] : [{ literal: stamp.agency }])
  return Date.parse(stamp.instant.instant)
}

function putHeader({ service, priority, category }: AnpaHeader, story: Draft<Story>): void {
  put(story, 'urgency', urgencies.get(priority))
  story.supplierUrgency = priority
  story.subjects = [
    ...(service === undefined ? [] : [{ literal: service, rel: 'service' }]),
    { literal: category, rel: 'category' },
  ]
}

function putHead({ headline, slugline, by, edNotes }: Head, story: Draft<Story>): void {
  put(story, 'headlines', headline === undefined ? [] : [{ value: typographic(headline) }])
  put(story, 'slugline', slugline === '' ? undefined : slugline)
  put(story, 'by', by)
  put(story, 'edNotes', edNotes.map(typographic))
}

function putBody(frame: Frame, head: Head, header: AnpaHeader, story: Draft<Story>): void {
  const { lines, credit, note } = takeEnding(frame.body)
  if (credit !== undefined) story.infoSources = [credit, ...(story.infoSources ?? [])]
  if (note !== undefined) story.edNotes = [...(story.edNotes ?? []), note]
  const { html, text } = header.isTabular ? tabularBody(frame, lines, head) : textBody(lines, head, story)
  put(story, 'bodyHtml', html === '' ? undefined : html)
  put(story, 'bodyText', text === '' ? undefined : text)
}

/** All that stands behind the headline, as it stands. */
function tabularBody(frame: Frame, lines: readonly string[], head: Head): CleanBody {
  const others = new Set(head.others)
  const rows = frame.head.filter((line) => others.has(headText(line)))
  return writePreformatted(trimLines([...rows, ...lines]).map(withoutMarks))
}

/** The text; in digests, which have nothing but a head, its lines behind the headline. */
function textBody(lines: readonly string[], head: Head, story: Draft<Story>): CleanBody {
  const text = lines.map((line) => typographic(withoutMarks(line))).filter((line) => !/^\s*_{3,}\s*$/.test(line))
  if (text.every((line) => line.trim() === '')) return writeText(head.others.flatMap((line) => [typographic(line), '']))
  putOthers(head.others.map(typographic), story)
  const found = datedDateline(text[0] ?? '')
  if (found !== null) {
    story.dateline = found.dateline
    story.located = found.located
    text[0] = found.rest
  }
  return writeText(text, true)
}

/** Short lines below the headline are further ones, a long line is a summary. */
function putOthers(others: readonly string[], story: Draft<Story>): void {
  const short = others.filter((line) => line.length <= longestSubheadline)
  const long = others.filter((line) => line.length > longestSubheadline)
  if (story.headlines !== undefined)
    story.headlines = [...story.headlines, ...short.map((value) => ({ role: 'subheadline', value }))]
  put(
    story,
    'descriptions',
    long.map((value) => ({ role: 'summary', value })),
  )
}

/** Carets begin lines, "<" ends those of AP. */
const withoutMarks = (line: string): string => line.replace(/^\s*\^{1,3}/, '').replace(/\s?<\s*$/, '')

interface SentContext {
  readonly sentAtMs: number
  readonly timezone: string | undefined
}

/** The words of the version have no order that a machine could trust; what they say of the change does. */
function putVersion(head: Head, story: Draft<Story>, flags: Set<string>, { sentAtMs, timezone }: SentContext): void {
  const { version } = head
  if (version === undefined) return
  story.version = version
  const isCorrection = /correct/i.test(version)
  if (isCorrection) story.change = 'correction'
  else if (/\b(?:rpt|repeat|refile)/i.test(version)) story.change = 'repeat'
  const isUpdate = /ld\b|lead|writethru|update/i.test(version)
  put(story, 'signals', isCorrection ? ['sig:correction'] : isUpdate ? ['sig:update'] : [])
  const advance = readAdvance(version, sentAtMs, timezone)
  if (advance === null) return
  story.embargoed = advance.embargoed
  for (const flag of advance.flags) flags.add(flag)
}

/** Without service, running number, selector, date and number of words: the same item sent again gives the same. */
function sourceOf({ priority, category, keyword, isTabular }: AnpaHeader, head: Head, frame: Frame): string {
  const { slugline, version = '', headline = '', others, by = '', edNotes } = head
  const lines = frame.body.map((line) => line.trimEnd())
  return [
    `${priority} ${category} ${isTabular ? 'tabular' : 'text'}`,
    keyword,
    slugline,
    version,
    headline,
    ...others,
    by,
    ...edNotes,
    ...lines,
  ].join('\n')
}
