import { ignore, type Outcome, pass, reject, type Story } from '@dateline/story'
import { applyCorrections } from '../apply-corrections.ts'
import { type Draft, put } from '../json/json-values.ts'
import { keywordList } from '../keyword-list.ts'
import { sayKill } from '../kill-words.ts'
import { storyOutcome } from '../story-outcome.ts'
import { leavePath } from '../unmapped.ts'
import type { ParseContext, ParsedItem } from '../wire-format.ts'
import { attribute, child, children, elements, type XmlElement } from '../xml/xml-tree.ts'
import { groupsIn } from './association.ts'
import { putComponent } from './components.ts'
import { languageIn } from './descriptive-metadata.ts'
import { readIdentification } from './identification.ts'
import { putNewsManagement } from './news-management.ts'
import { addProperty, leave, putOnce, type Reading, startReading } from './reading.ts'
import { putTexts } from './story-texts.ts'
import { supplierOf } from './suppliers/suppliers.ts'
import { holdingOf, type Survey, surveyOf } from './survey.ts'
import type { Topics } from './topics.ts'
import { type LanguageVersion, versionsByLanguage } from './versions-by-language.ts'

export interface ItemSurroundings {
  readonly context: ParseContext
  /** The document's text, in which the item's element lies. */
  readonly text: string
  /** Of the envelope. */
  readonly priority: string | undefined
  readonly topics: Topics
}

/** One NewsItem as a story, or as one for each language where it holds its text in several. */
export function newsItem(item: XmlElement, surroundings: ItemSurroundings): Outcome<ParsedItem>[] {
  const survey = surveyOf(item)
  const [version, ...versions] = versionsByLanguage(item, survey)
  const first = storyOf(item, survey, version, surroundings)
  if (first.kind !== 'pass') return [first]
  const others = versions.map((other) => storyOf(item, survey, other, surroundings))
  return [first, ...others, ...unsaidRecalls(item, first.value, versions)]
}

/** A recall may come without the text in its other languages, and takes those back all the same. */
function unsaidRecalls(
  item: XmlElement,
  { story, source }: ParsedItem,
  versions: readonly LanguageVersion[],
): Outcome<ParsedItem>[] {
  const languages = supplierOf(readIdentification(item).provider)?.languages
  if (languages === undefined || !isRecall(story)) return []
  const { id, version, versionCreated, pubStatus } = story
  const unsaid = languages.filter(
    (each) => each !== story.language && versions.every(({ language }) => language !== each),
  )
  return unsaid.map((language) => {
    const recall: Draft<Story> = { id: `${id}:${language}`, language }
    put(recall, 'version', version)
    put(recall, 'versionCreated', versionCreated)
    put(recall, 'pubStatus', pubStatus)
    put(recall, 'edNotes', story.edNotes)
    return pass({ story: recall, source })
  })
}

function storyOf(
  item: XmlElement,
  survey: Survey,
  version: LanguageVersion,
  { context, text, priority, topics }: ItemSurroundings,
): Outcome<ParsedItem> {
  const identification = readIdentification(item)
  const supplier = supplierOf(identification.provider)
  const reading = startReading(identification, { timezone: context.feed.timezone ?? supplier?.timezone, topics })
  const { story, unmapped } = reading
  put(story, 'id', identification.id)
  put(story, 'version', identification.version)
  if (identification.publicIdentifier !== undefined)
    story.altIds = [{ role: 'PublicIdentifier', value: identification.publicIdentifier }]
  const suppliers = supplier === undefined ? [] : [supplier]
  applyCorrections(suppliers, (each) => each.identify?.(item, reading), { story, context })
  if (!version.isFirst && story.id !== undefined) story.id = `${story.id}:${version.language ?? ''}`
  for (const element of elements(item)) putPart(element, reading)
  const refused = refusal(item, survey, reading)
  if (refused !== null) return refused
  put(story, 'language', version.language)
  putContents(item, survey, version.others, reading)
  putTexts(reading)
  putOnce(reading, 'slugline', identification.label)
  putOnce(reading, 'language', languageIn(attribute(item, 'xml:lang')))
  applyCorrections(suppliers, (each) => each.correct?.(item, reading), { story, context })
  if (reading.initials.length > 0) reading.edNotes.push([...new Set(reading.initials)].slice(0, 20).join('/'))
  if (story.supplierUrgency === undefined) put(story, 'supplierUrgency', priority)
  put(story, 'keywords', keywordList(reading.keywords))
  put(story, 'edNotes', [...new Set(reading.edNotes)])
  for (const { path } of reading.properties) leavePath(reading, path)
  put(story, 'unmapped', [...unmapped])
  if (!isRecall(story) && sayKill(story.headlines)) reading.flags.add('kill-in-text')
  put(story, 'flags', [...reading.flags])
  return storyOutcome(story, sourceOf(item, text, reading.transmission))
}

function putPart(element: XmlElement, reading: Reading): void {
  switch (element.name) {
    case 'NewsManagement':
      putNewsManagement(element, reading)
      break
    case 'Property':
      addProperty(reading, 'NewsItem', element)
      break
    case 'Identification':
    case 'NewsComponent':
    case 'Update':
    case 'TopicSet':
    case 'Catalog':
    case 'Comment':
      break
    default:
      leave(reading, 'NewsItem', element)
  }
}

/** Why an item is no whole story. A recall needs no content, and is honoured in whatever form it comes. */
function refusal(item: XmlElement, survey: Survey, { story, identification }: Reading): Outcome<ParsedItem> | null {
  if (isRecall(story)) return null
  const { update } = identification
  if (update === 'U' || child(item, 'Update') !== undefined)
    return reject('unsupported', 'Update="U": instructions that change an earlier revision, not a whole item')
  if (update === 'A')
    return reject('unsupported', 'Update="A": new management of an earlier revision, without its content')
  const components = children(item, 'NewsComponent')
  if (components.length > 0) {
    const isPackage = components.every((component) => {
      const { hasText, hasMedia, hasReferences } = holdingOf(survey, component)
      return hasReferences && !hasText && !hasMedia
    })
    return isPackage ? ignore('not-a-story', 'a package of references to other items') : null
  }
  const held = elements(item).find(({ name }) => name === 'TopicSet' || name === 'Catalog')
  return held === undefined ? null : ignore('not-a-story', `a NewsItem that is a ${held.name}`)
}

const isRecall = ({ pubStatus = 'usable' }: Pick<Story, 'pubStatus'>): boolean => pubStatus !== 'usable'

function putContents(item: XmlElement, survey: Survey, others: ReadonlySet<XmlElement>, reading: Reading): void {
  const components = children(item, 'NewsComponent')
  const holdings = components.map((component) => holdingOf(survey, component))
  const hasText = holdings.some((holding) => holding.hasText)
  const hasMedia = holdings.some((holding) => holding.hasMedia)
  // One picture is a story of its own; of several each goes with the story that their headline tells.
  const isMediaItem =
    hasMedia && !hasText && components.flatMap((component) => groupsIn(component, survey)).length === 1
  for (const component of components) {
    putComponent(component, '', { reading, survey, isMediaItem, others })
    putOnce(reading, 'language', languageIn(attribute(component, 'xml:lang')))
  }
}

/** The item as sent, without what tells of this transmission only. */
function sourceOf(item: XmlElement, text: string, transmission: readonly XmlElement[]): string {
  let source = ''
  let at = item.start
  for (const { start, end } of transmission) {
    if (start < at) continue
    source += text.slice(at, start)
    at = end
  }
  return source + text.slice(at, item.end)
}
