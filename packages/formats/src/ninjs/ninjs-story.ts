import type { Concept, Story } from '@dateline/story'
import { instantOf } from '../flagged-time.ts'
import { type Draft, first, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'
import { languageTag } from '../json/language-tag.ts'
import { keywordList } from '../keyword-list.ts'
import { conceptsIn } from './concepts.ts'
import { putIdentity } from './identity.ts'
import { unmappedIn } from './known-keys.ts'
import { associationsIn, newsObjectType, renditionsIn } from './media.ts'
import { putStatus } from './status.ts'
import { bodyOf, descriptionsOf, headlinesOf, textsIn } from './texts.ts'

/** A ninjs document of any generation or dialect as a story. Times without a zone are local to `timezone`. Reads what it understands; the rest is named in `unmapped`. */
export function ninjsStory(document: JsonObject, timezone: string | undefined): Story {
  const story: Draft<Story> = {}
  const flags = new Set<string>()
  putIdentity(document, story)
  put(story, 'version', textOf(document.version))
  putTimes(document, story, flags, timezone)
  put(story, 'type', newsObjectType(document.type))
  put(story, 'profile', textOf(document.profile))
  for (const flag of putStatus(document, story, timezone)) flags.add(flag)
  put(story, 'language', languageTag(document.language))
  putTexts(document, story)
  putConcepts(document, story)
  put(story, 'copyrightHolder', textOf(first(document, 'copyrightHolder', 'copyrightholder')))
  put(story, 'copyrightNotice', textOf(first(document, 'copyrightNotice', 'copyrightnotice')))
  put(story, 'usageTerms', textOf(first(document, 'usageTerms', 'usageterms')))
  put(story, 'renditions', renditionsIn(document.renditions))
  put(story, 'associations', associationsIn(document.associations))
  put(story, 'unmapped', unmappedIn(document))
  put(story, 'flags', [...flags])
  return story
}

function putTimes(document: JsonObject, story: Draft<Story>, flags: Set<string>, timezone: string | undefined): void {
  for (const [key, older] of times) {
    put(story, key, instantOf(textOf(first(document, key, older)), { timezone, flags }))
  }
}

const times = [
  ['versionCreated', 'versioncreated'],
  ['firstCreated', 'firstcreated'],
  ['contentCreated', 'contentcreated'],
  ['expires', 'expires'],
] as const

function putTexts(document: JsonObject, story: Draft<Story>): void {
  const texts = textsIn(document)
  const descriptions = descriptionsOf(texts)
  const { bodyHtml, bodyText } = bodyOf(texts)
  put(story, 'headlines', headlinesOf(texts))
  put(story, 'slugline', textOf(document.slugline))
  put(story, 'by', textOf(first(document, 'by', 'byline')))
  put(story, 'dateline', descriptions.find(({ role }) => role === 'dateline')?.value)
  put(story, 'located', textOf(document.located))
  put(story, 'bodyHtml', bodyHtml)
  put(story, 'bodyText', bodyText)
  put(
    story,
    'descriptions',
    descriptions.filter(({ role }) => role !== 'dateline'),
  )
  put(
    story,
    'edNotes',
    listOf(first(document, 'edNote', 'ednote')).flatMap((note) => textOf(note) ?? []),
  )
}

/** Section and keywords travel as subjects in 3.x, which has no fields for them; so they do in our own documents. */
function putConcepts(document: JsonObject, story: Draft<Story>): void {
  const all = [...conceptsIn(document.subject), ...conceptsIn(document.subjects)]
  const [service, ...services] = conceptsIn(document.service)
  const keywords = keywordList([...listOf(document.keywords), ...listOf(document.keyword)], namesOf(all, 'keyword'))
  const subjects = all.filter(({ rel }) => rel !== 'section' && rel !== 'keyword')
  for (const other of services) subjects.push({ ...other, rel: 'service' })
  put(story, 'section', namesOf(all, 'section')[0] ?? service?.name)
  put(story, 'keywords', keywords)
  put(story, 'subjects', subjects)
  put(story, 'people', conceptsIn(document.people ?? document.person))
  put(story, 'organisations', conceptsIn(document.organisations ?? document.organisation))
  put(story, 'places', conceptsIn(document.places ?? document.place))
  put(story, 'objects', conceptsIn(document.objects ?? document.object))
  put(story, 'events', conceptsIn(document.events ?? document.event))
  put(story, 'genres', conceptsIn(document.genres ?? document.genre))
  put(story, 'infoSources', conceptsIn(first(document, 'infoSources', 'infosources', 'infosource', 'source')))
}

const namesOf = (subjects: readonly Concept[], rel: string): string[] =>
  subjects.flatMap((subject) => (subject.rel === rel && subject.name !== undefined ? [subject.name] : []))
