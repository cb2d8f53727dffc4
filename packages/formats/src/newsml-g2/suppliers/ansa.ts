import type { Concept } from '@dateline/story'
import { escapeText } from '../../body/body-text.ts'
import { attribute, child, children, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

const leastCodes = 4

/**
 * ANSA repeats the headline as a subject, gives its category as one (seen 2017), and may close a text with the codes of its routing: "51 77
 * 03 CRO01 1113" (seen 2019).
 */
export function ansa(item: XmlElement, reading: Reading): void {
  const { story } = reading
  if (!story.id?.startsWith('tag:ansa.it,')) return
  const categories = categoriesIn(item)
  const headlines = new Set(story.headlines?.map(({ value }) => value))
  const subjects = (story.subjects ?? [])
    .filter(({ literal }) => literal === undefined || !headlines.has(literal))
    .map((subject): Concept => (categories.has(subject.literal ?? '') ? { ...subject, rel: 'category' } : subject))
  if (subjects.length > 0) story.subjects = subjects
  else delete story.subjects
  moveRouting(reading)
}

function categoriesIn(item: XmlElement): ReadonlySet<string> {
  const meta = child(item, 'contentMeta')
  const found = meta === undefined ? [] : children(meta, 'subject')
  return new Set(
    found.flatMap((each) => (attribute(each, 'type') === 'cptype:cat' ? (attribute(each, 'literal') ?? []) : [])),
  )
}

function moveRouting({ story }: Reading): void {
  const { bodyText, bodyHtml } = story
  const at = bodyText?.lastIndexOf('\n\n') ?? -1
  if (bodyText === undefined || bodyHtml === undefined || at < 0) return
  const last = bodyText.slice(at + 2)
  const paragraph = `<p>${escapeText(last)}</p>`
  if (!isRouting(last) || !bodyHtml.endsWith(paragraph)) return
  story.bodyText = bodyText.slice(0, at)
  story.bodyHtml = bodyHtml.slice(0, -paragraph.length)
  story.edNotes = [...(story.edNotes ?? []), last]
}

/** Nothing but codes of capitals and digits, with digits among them. */
function isRouting(text: string): boolean {
  const codes = text.split(' ')
  return codes.length >= leastCodes && codes.every((code) => /^[A-Z0-9]{1,12}$/.test(code)) && /\d/.test(text)
}
