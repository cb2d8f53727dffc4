import { ignore, type Outcome, pass, reject, type Story } from '@dateline/story'
import { applyCorrections } from '../apply-corrections.ts'
import { flaggedInstant } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { sayKill } from '../kill-words.ts'
import { trimLines } from '../teleprinter/controls.ts'
import { writeText } from '../teleprinter/write-text.ts'
import type { ParseContext, ParsedItem } from '../wire-format.ts'
import { readEmbargo } from './embargo-line.ts'
import { readEndDate } from './end-date.ts'
import type { Frame } from './frame.ts'
import type { HeaderLine } from './header-line.ts'
import { type Head, readHead } from './read-head.ts'
import { splitNotes } from './split-notes.ts'
import { ats } from './suppliers/ats.ts'
import { dpaTeaser } from './suppliers/dpa.ts'

const longestEmbargoNote = 400
const mostEmbargoLines = 3

/** A message as a story. */
export function iptc7901Story(frame: Frame, context: ParseContext): Outcome<ParsedItem> {
  const { header, head: headLines, body } = frame
  if (isLineTest(body)) return ignore('test-message', 'a test of the line')
  const flags = new Set<string>()
  const story: Draft<Story> = {}
  const sent = putSent(frame, story, flags, context)
  const embargoContext = { ...context, receivedAtMs: sent }
  const head = readHead(headLines, header.priority <= '2', embargoContext)
  const split = splitNotes(body, header.agency)
  const { note, text: news } = withoutEmbargo(split.text, embargoContext)
  const notes = note === undefined ? split.notes : [note, ...split.notes]
  const { teaser, text } = dpaTeaser(news)
  if (teaser !== undefined) context.onCorrection?.(dpaTeaser.name)
  putHeader(header, story)
  applyCorrections([ats], (correct) => correct(header.service, story), { story, context })
  putHead(head, story, flags)
  put(story, 'slugline', frame.slugline === '' ? undefined : frame.slugline)
  put(story, 'keywords', keywordsIn(frame.slugline))
  put(story, 'descriptions', teaser === undefined ? [] : [{ role: 'teaser', value: teaser }])
  const { html, text: plain } = writeText(text)
  put(story, 'bodyHtml', html === '' ? undefined : html)
  put(story, 'bodyText', plain === '' ? undefined : plain)
  put(story, 'edNotes', [...head.edNotes, ...notes])
  if (story.embargoed === undefined) putEmbargo(notes, story, flags, embargoContext)
  if (sayKill(story.headlines)) flags.add('kill-in-text')
  if (flags.has('kill-in-text') && story.id === undefined)
    return reject('kill-without-id', `a message that says ${JSON.stringify(story.headlines?.[0]?.value.slice(0, 200))}`)
  if (!frame.isWhole) flags.add('end-missing')
  put(story, 'flags', [...flags])
  if (story.headlines === undefined && story.bodyText === undefined)
    return reject('no-story', 'neither a headline nor a text')
  return pass({ story, source: sourceOf(frame) })
}

/** Puts the time behind ETX; answers with it, or with that of the arrival, in milliseconds since 1970. */
function putSent({ endDate }: Frame, story: Draft<Story>, flags: Set<string>, context: ParseContext): number {
  if (endDate === undefined) return context.receivedAtMs
  const sent = flaggedInstant(readEndDate(endDate, context.feed.timezone), flags)
  if (sent === undefined) return context.receivedAtMs
  story.versionCreated = sent
  return Date.parse(sent)
}

/** PRIO is IPTC's own scale, 1 to 6; service and section are the agency's codes. */
function putHeader(header: HeaderLine, story: Draft<Story>): void {
  const { service, priority, section, agency, number, id, version, reference } = header
  put(story, 'id', id)
  put(story, 'version', version)
  story.urgency = Number(priority)
  story.supplierUrgency = priority
  story.subjects = [
    { literal: service, rel: 'service' },
    { literal: section, rel: 'category' },
  ]
  put(story, 'infoSources', agency === undefined ? [] : [{ literal: agency }])
  put(story, 'altIds', [
    ...(agency === undefined || number === undefined || /^0+$/.test(number)
      ? []
      : [{ role: 'agency-number', value: `${agency} ${number}` }]),
    ...(reference === undefined ? [] : [{ role: 'refers-to', value: reference }]),
  ])
}

function putHead(head: Head, story: Draft<Story>, flags: Set<string>): void {
  const [main, ...others] = head.headlines
  put(
    story,
    'headlines',
    main === undefined ? [] : [{ value: main }, ...others.map((value) => ({ role: 'subheadline', value }))],
  )
  put(story, 'by', head.by)
  put(
    story,
    'genres',
    head.genres.map((name) => ({ name })),
  )
  put(story, 'change', head.change)
  put(story, 'signals', head.signals)
  put(story, 'embargoed', head.embargoed)
  if (head.urgency !== undefined && head.urgency < (story.urgency ?? 9)) story.urgency = head.urgency
  for (const flag of head.flags) flags.add(flag)
}

/** A first paragraph that is nothing but an embargo is a note. */
function withoutEmbargo(text: readonly string[], context: ParseContext): { note?: string; text: readonly string[] } {
  const end = text.findIndex((line) => line.trim() === '')
  if (end < 1 || end > mostEmbargoLines) return { text }
  const note = text
    .slice(0, end)
    .map((line) => line.trim())
    .join(' ')
    .replace(/^\(|\)$/g, '')
  return readEmbargo(note, context)?.before === '' ? { note, text: trimLines(text.slice(end)) } : { text }
}

/** dpa's international services say an embargo among the notes. */
function putEmbargo(notes: readonly string[], story: Draft<Story>, flags: Set<string>, context: ParseContext): void {
  for (const note of notes) {
    if (note.length > longestEmbargoNote) continue
    for (const line of note.split('\n')) {
      const embargo = readEmbargo(line.replace(/^[-*\s]+/, ''), context)
      if (embargo === null || embargo.before !== '') continue
      story.embargoed = embargo.embargoed
      for (const flag of embargo.flags) flags.add(flag)
      return
    }
  }
}

/** "Partei/Deutschland/Grüne" is a list of words; a slug without slashes is one phrase. */
const keywordsIn = (slugline: string): string[] =>
  slugline.includes('/')
    ? [...new Set(slugline.split('/').map((word) => word.trim()))].filter((word) => word !== '').slice(0, 50)
    : []

/** dpa's "ryryryry" lines, by which a teleprinter's line is tested; seen 2017. */
const isLineTest = (body: readonly string[]): boolean => body.filter((line) => /^\s*(?:ry){4,}/i.test(line)).length > 1

/** Without service, running numbers, word count and the date of sending: the same item sent again gives the same. */
function sourceOf({ header, slugline, head, body }: Frame): string {
  const { priority, section, id = '', version = '' } = header
  const lines = [...head, '', ...body].map((line) => line.trimEnd())
  return [`${priority} ${section} ${id}#${version}`, slugline, ...lines].join('\n')
}
