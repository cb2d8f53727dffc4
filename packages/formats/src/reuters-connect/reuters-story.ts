import type { Concept, Outcome, Roled } from '@dateline/story'
import { cleanHtml } from '../clean-html.ts'
import { conceptOf } from '../json/concept-values.ts'
import { finishReading } from '../json/finish-reading.ts'
import { first, isObject, type JsonObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import { languageTag } from '../json/language-tag.ts'
import { plainLine, plainText } from '../json/plain-line.ts'
import { putPubStatus } from '../json/pub-status.ts'
import { type JsonReading, putEmbargo, putInstant, startReading } from '../json/reading.ts'
import { sourceOf } from '../json/source-of.ts'
import { putUrgency } from '../json/urgency.ts'
import { keywordList } from '../keyword-list.ts'
import { newsObjectType } from '../ninjs/media.ts'
import type { ParsedItem } from '../wire-format.ts'
import { putReutersMedia } from './reuters-media.ts'

const known = new Set(
  `uri guid versionedGuid usn version type profile headLine fragment intro caption bodyXhtml bodyXhtmlRich byLine dateLine creditLine credit
  copyrightNotice usageTerms usageTermsRole language urgency pubStatus versionCreated firstCreated contentTimestamp versionProcessed located
  slug subject channels keyword renditions associations edNote instructions signal embargoed productLabel thumbnailUrl position cursor`.split(
    /\s+/,
  ),
)

/** When Reuters' own systems handled the item, and how a client asked for it. */
const ofTransmission: ReadonlySet<string> = new Set(['versionProcessed', 'thumbnailUrl', 'position', 'cursor'])

/** "tag:reuters.com,2026:newsml_L1N14N0FF:978556838" */
const versioned = /^(tag:reuters\.com,[^:]+:[^:]+):(\d+)$/
const mostConcepts = 2_000

/** One item as a story. */
export function reutersStory(item: JsonObject, isMended: boolean, timezone: string | undefined): Outcome<ParsedItem> {
  const reading = startReading(item, { isMended, timezone })
  const { story } = reading
  putIdentity(reading)
  putInstant(reading, 'versionCreated', 'versionCreated')
  putInstant(reading, 'firstCreated', 'firstCreated')
  putInstant(reading, 'contentCreated', 'contentTimestamp')
  const type = textOf(item.type)
  put(story, 'type', newsObjectType(type?.slice(type.lastIndexOf(':') + 1)))
  put(story, 'profile', textOf(item.profile))
  put(story, 'language', languageTag(item.language))
  putUrgency(reading, item.urgency)
  putStatus(reading)
  putTexts(reading)
  putConcepts(reading)
  putReutersMedia(reading)
  put(story, 'copyrightNotice', textOf(item.copyrightNotice))
  const terms = textsOf(item.usageTerms)
  put(story, 'usageTerms', terms.length === 0 ? undefined : terms.join('\n'))
  return finishReading(reading, known, sourceOf(item, ofTransmission))
}

/** The guid without its version, as in NewsML-G2 of the same agency, so that both doors give one story. */
function putIdentity({ item, story }: JsonReading): void {
  const whole = textOf(item.versionedGuid)
  const uri = textOf(first(item, 'uri', 'guid'))
  const parts = versioned.exec(whole ?? '') ?? versioned.exec(uri ?? '')
  const usn = textOf(item.usn)
  put(story, 'id', parts?.[1] ?? uri ?? whole ?? usn)
  put(story, 'version', textOf(item.version) ?? parts?.[2])
  if (usn !== undefined && usn !== story.id) story.altIds = [{ role: 'usn', value: usn }]
}

/** Reuters says in signals of its own what is done to a story (`edStat:C` corrects, `edStat:D` kills), and in words before the headline. */
function putStatus(reading: JsonReading): void {
  const { item, story, flags } = reading
  putEmbargo(reading, item.embargoed, putPubStatus(reading, item.pubStatus))
  const sent = listOf(item.signal).flatMap(
    (signal) => textOf(isObject(signal) ? first(signal, 'code', 'qcode', 'name') : signal) ?? [],
  )
  const signals = [...new Set(sent.map((signal) => signal.replace(/\s+/g, '-')))]
  put(story, 'signals', signals)
  const headline = textOf(item.headLine) ?? ''
  if (signals.includes('edStat:D')) story.pubStatus = 'canceled'
  if (signals.includes('edStat:C') || /^CORRECT(?:ED|ION)\b/.test(headline)) story.change = 'correction'
  else if (/^(?:REFILE|REPEAT|RPT)\b/.test(headline)) story.change = 'repeat'
  // Words alone never kill a story: a person looks.
  if (/\b(?:STORY WITHDRAWN|WITHDRAWAL)\b|^KILL\b/.test(headline)) flags.add('kill-in-text')
}

function putTexts({ item, story }: JsonReading): void {
  const headline = plainLine(item.headLine)
  if (headline !== undefined) story.headlines = [{ value: headline }]
  put(story, 'slugline', textOf(item.slug))
  put(story, 'by', plainLine(item.byLine))
  put(story, 'dateline', plainLine(item.dateLine)?.replace(/ ?[-–—]$/, ''))
  put(story, 'located', textOf(item.located))
  const body = cleanHtml(textOf(item.bodyXhtmlRich) ?? textOf(item.bodyXhtml) ?? '')
  if (body.text !== '') {
    story.bodyHtml = body.html
    story.bodyText = body.text
  }
  const descriptions: Roled[] = []
  for (const [role, sent] of [
    ['summary', item.fragment],
    ['intro', item.intro],
    ['caption', item.caption],
  ] as const) {
    const value = plainText(sent)
    if (value !== undefined && descriptions.every((other) => other.value !== value)) descriptions.push({ role, value })
  }
  put(story, 'descriptions', descriptions)
  const notes = [...listOf(item.edNote), ...listOf(item.instructions)].flatMap((note) => plainText(note) ?? [])
  put(story, 'edNotes', [...new Set(notes)])
}

function putConcepts({ item, story }: JsonReading): void {
  const conceptsIn = (value: unknown, rel?: string): Concept[] =>
    listOf(value)
      .slice(0, mostConcepts)
      .flatMap((entry) =>
        isObject(entry)
          ? (conceptOf(entry.name, entry.code, textOf(entry.rel) ?? rel) ?? [])
          : (conceptOf(entry, undefined, rel) ?? []),
      )
  put(story, 'subjects', [
    ...conceptsIn(item.subject),
    ...conceptsIn(item.channels, 'channel'),
    ...conceptsIn(item.productLabel, 'product'),
  ])
  put(story, 'keywords', keywordList(item.keyword))
  put(story, 'infoSources', conceptsIn(first(item, 'creditLine', 'credit')))
}
