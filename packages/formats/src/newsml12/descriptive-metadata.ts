import { isUri } from '@dateline/story'
import { addConcept } from '../add-concept.ts'
import { attribute, elements, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'
import { addProperty, leave, putOnce, type Reading } from './reading.ts'

const subjectCodes = 'http://cv.iptc.org/newscodes/subjectcode/'
const subjectElements = new Set(['Subject', 'SubjectMatter', 'SubjectDetail'])
/** The code of a country or of a part of one: NLD, CH, KGR. */
const code = /^[A-Z]{2,3}$/

/** DescriptiveMetadata: what the content is about. */
export function putDescriptiveMetadata(metadata: XmlElement, reading: Reading): void {
  for (const element of elements(metadata)) {
    switch (element.name) {
      case 'Language':
        putOnce(reading, 'language', languageIn(formalName(element)))
        break
      case 'Genre':
        addConcept(reading, 'genres', { literal: formalName(element) })
        break
      case 'SubjectCode':
        for (const subject of elements(element)) putSubject(subject, reading)
        break
      case 'TopicOccurrence':
        putTopic(element, reading)
        break
      case 'Location':
        putLocation(element, reading)
        break
      case 'Property':
        if (attribute(element, 'FormalName')?.toLowerCase() === 'keyword')
          reading.keywords.push(attribute(element, 'Value') ?? '')
        else addProperty(reading, 'DescriptiveMetadata', element)
        break
      // The dateline says it.
      case 'DateLineDate':
        break
      default:
        leave(reading, 'DescriptiveMetadata', element)
    }
  }
}

const usual = /^[a-z]{2}(?:-[A-Z]{2})?$/

/** BCP 47 in its usual spelling; undefined for what is no language tag. */
export function languageIn(sent: string | undefined): string | undefined {
  if (sent !== undefined && usual.test(sent)) return sent
  const tag = sent?.replaceAll('_', '-')
  if (tag === undefined || !/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$/.test(tag)) return undefined
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}

/** Eight digits are IPTC's subject codes, unless another vocabulary is named. */
function putSubject(element: XmlElement, reading: Reading): void {
  const sent = formalName(element)
  if (sent === undefined) return
  const isIptc = /^\d{8}$/.test(sent) && attribute(element, 'Vocabulary') === undefined
  if (!subjectElements.has(element.name)) leave(reading, 'SubjectCode', element)
  else addConcept(reading, 'subjects', isIptc ? { uri: subjectCodes + sent } : { literal: sent })
}

type TopicKey = 'people' | 'organisations' | 'places' | 'events' | 'objects' | 'subjects'

/** Types of topics by what they begin with, in lower case: "Person", "CompanyName", "Country". */
const topicLists: readonly (readonly [RegExp, TopicKey])[] = [
  [/^(?:person|people)/, 'people'],
  [/^(?:company|organi[sz]ation|party|institution)/, 'organisations'],
  [/^(?:location|place|country|city|region|geo|area)/, 'places'],
  [/^event/, 'events'],
  [/^(?:object|product|work)/, 'objects'],
]

/** A topic that the message describes elsewhere, or names where it lies. */
function putTopic(occurrence: XmlElement, reading: Reading): void {
  const reference = attribute(occurrence, 'Topic')
  const topic = reference?.startsWith('#') ? reading.topics.get(reference.slice(1)) : undefined
  if (reference === undefined || (topic === undefined && !isUri(reference))) {
    leave(reading, 'DescriptiveMetadata', occurrence)
    return
  }
  const type = topic?.type?.toLowerCase() ?? ''
  const list = topicLists.find(([pattern]) => pattern.test(type))?.[1] ?? 'subjects'
  const rel = attribute(occurrence, 'HowPresent')?.toLowerCase()
  addConcept(
    reading,
    list,
    topic === undefined ? { uri: reference, rel } : { name: topic.name, literal: topic.code, rel },
  )
}

/** A city in small letters, of where the story comes from, is the dateline's; in capitals it is a place among others. */
function putLocation(location: XmlElement, reading: Reading): void {
  const presence = attribute(location, 'HowPresent')?.toLowerCase()
  for (const element of elements(location)) {
    const sent = attribute(element, 'Value')
    if (element.name !== 'Property' || sent === undefined) continue
    const isCity = attribute(element, 'FormalName') === 'City'
    if (isCity && /\p{Ll}/u.test(sent) && (presence === undefined || presence === 'origin'))
      putOnce(reading, 'located', sent)
    addConcept(reading, 'places', { [!isCity && code.test(sent) ? 'literal' : 'name']: sent, rel: presence })
  }
}
