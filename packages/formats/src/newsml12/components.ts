import { put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, elements, type XmlElement } from '../xml/xml-tree.ts'
import { addAssociations, renditionName } from './association.ts'
import { type Content, formRank, readContent } from './content.ts'
import { languageIn, putDescriptiveMetadata } from './descriptive-metadata.ts'
import { isMedia, mediaTypeOf, renditionOf } from './media.ts'
import { putAdministrativeMetadata, putRightsMetadata } from './metadata.ts'
import { putNewsLines } from './news-lines.ts'
import { referredTo } from './news-management.ts'
import { addProperty, leave, putOnce, type Reading } from './reading.ts'
import { holdingOf, isMediaComponent, roleOf, type Survey } from './survey.ts'
import { textRole } from './text-part.ts'

export interface Walk {
  readonly reading: Reading
  readonly survey: Survey
  /** The item is a picture, sound or film itself: its files are its renditions, its texts captions. */
  readonly isMediaItem: boolean
  /** Components that belong to another story: texts in another language. */
  readonly others: ReadonlySet<XmlElement>
}

const mostParts = 500
const mostRenditions = 100

/** Reads a component from the inside out, so that the innermost word on anything is the first and stands. */
export function putComponent(component: XmlElement, outerRole: string, walk: Walk): void {
  const { reading, survey } = walk
  const role = roleOf(component) || outerRole
  const parts = elements(component)
  for (const inner of chosenIn(component, parts, walk)) {
    if (!walk.isMediaItem && isMediaComponent(survey, inner)) addAssociations(inner, survey, reading)
    else putComponent(inner, role, walk)
  }
  for (const part of parts) putPart(part, reading)
  putContentItems(
    parts.filter(({ name }) => name === 'ContentItem'),
    role,
    walk,
  )
  if (holdingOf(survey, component).hasText || walk.isMediaItem)
    putOnce(reading, 'language', languageIn(attribute(component, 'xml:lang')))
}

/** All components in it; of texts that are said to be equivalent the one whose form keeps most. */
function chosenIn(
  component: XmlElement,
  parts: readonly XmlElement[],
  { survey, others, reading }: Walk,
): XmlElement[] {
  const inner = parts.filter((part) => part.name === 'NewsComponent' && !others.has(part))
  if (attribute(component, 'EquivalentsList')?.toLowerCase() !== 'yes') return inner
  const texts = inner.filter((each) => holdingOf(survey, each).hasText)
  if (texts.length < 2) return inner
  const [best] = texts.map((text) => ({ text, rank: rankOf(text) })).sort((a, b) => a.rank - b.rank)
  leavePath(reading, 'NewsComponent/equivalent')
  return inner.filter((each) => each === best?.text || !holdingOf(survey, each).hasText)
}

const rankOf = (component: XmlElement): number =>
  elements(component).reduce((rank, { name }, at, all) => {
    const element = all[at]
    return name === 'ContentItem' && element !== undefined ? Math.min(rank, formRank(element)) : rank
  }, 3)

function putPart(part: XmlElement, reading: Reading): void {
  switch (part.name) {
    case 'NewsLines':
      putNewsLines(part, reading)
      break
    case 'AdministrativeMetadata':
      putAdministrativeMetadata(part, reading)
      break
    case 'RightsMetadata':
      putRightsMetadata(part, reading)
      break
    case 'DescriptiveMetadata':
    // As TASS spells it (seen 2019).
    case 'DescriptiveMetada':
      putDescriptiveMetadata(part, reading)
      break
    case 'Property':
      addProperty(reading, 'NewsComponent', part)
      break
    case 'NewsItemRef':
      putReference(part, reading)
      break
    case 'NewsComponent':
    case 'ContentItem':
    // An item of its own.
    case 'NewsItem':
    case 'Role':
    case 'Catalog':
    case 'TopicSet':
    case 'Comment':
      break
    default:
      leave(reading, 'NewsComponent', part)
  }
}

function putReference(reference: XmlElement, reading: Reading): void {
  const { story } = reading
  const sent = attribute(reference, 'NewsItem')
  const associations = story.associations ?? []
  if (sent === undefined || associations.length >= 200) {
    leave(reading, 'NewsComponent', reference)
    return
  }
  const uri = referredTo(sent)
  if (uri !== story.id && associations.every((known) => known.uri !== uri))
    story.associations = [...associations, { name: `item-${associations.length + 1}`, uri }]
}

/** The standard has several in one component only where they hold the same: of texts the one whose form keeps most is read. */
function putContentItems(items: readonly XmlElement[], role: string, walk: Walk): void {
  const texts: XmlElement[] = []
  for (const item of items) {
    if (isMedia(item)) putRendition(item, role, walk)
    else texts.push(item)
  }
  const ranked = texts.map((item) => ({ item, rank: formRank(item) })).sort((a, b) => a.rank - b.rank)
  let isRead = false
  for (const { item } of ranked) {
    const content = isRead ? null : readContent(item)
    if (content === null || content.body.text === '') leaveContent(item, isRead, walk.reading)
    else {
      isRead = true
      putContent(content, role, walk)
    }
  }
}

function leaveContent(item: XmlElement, isOther: boolean, reading: Reading): void {
  if (isOther) leavePath(reading, 'NewsComponent/ContentItem')
  else
    for (const part of elements(item))
      if (part.name === 'DataContent' || part.name === 'Encoding') leave(reading, 'ContentItem', part)
}

function putRendition(item: XmlElement, role: string, { reading, isMediaItem }: Walk): void {
  const { story } = reading
  const renditions = story.renditions ?? []
  const name = renditionName(role, renditions)
  const rendition = renditions.length < mostRenditions ? renditionOf(item, name) : null
  if (isMediaItem) story.type ??= mediaTypeOf(item) ?? 'composite'
  if (rendition === null) leave(reading, 'NewsComponent', item)
  else story.renditions = [...renditions, rendition]
}

function putContent({ body, nitf, head }: Content, role: string, { reading, isMediaItem }: Walk): void {
  const kind = textRole(role)
  if (reading.parts.length >= mostParts) {
    leavePath(reading, 'NewsComponent/ContentItem')
    return
  }
  reading.parts.push({ role: isMediaItem && kind === 'text' ? 'caption' : kind, body })
  if (nitf === undefined || kind !== 'text') return
  const { story, edNotes } = reading
  if (story.headlines === undefined && nitf.headlines.length > 0) story.headlines = nitf.headlines
  for (const key of ['by', 'dateline', 'located'] as const) putOnce(reading, key, nitf[key])
  putOnce(reading, 'copyrightNotice', nitf.copyright)
  putOnce(reading, 'copyrightHolder', nitf.rightsOwner)
  if (nitf.abstract !== undefined) put(story, 'descriptions', [{ role: 'abstract', value: nitf.abstract }])
  if (nitf.usageTerms.length > 0) story.usageTerms ??= nitf.usageTerms.join(' ')
  edNotes.push(...nitf.edNotes)
  if (nitf.media.length > 0) leavePath(reading, 'nitf/media')
  // The item says it too, and is believed.
  for (const part of head === undefined ? [] : elements(head))
    if (part.name !== 'title') leave(reading, 'nitf/head', part)
  for (const path of nitf.leftOver) leavePath(reading, `nitf/${path}`)
}
