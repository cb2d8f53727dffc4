import type { Concept } from '@dateline/story'
import { attribute, child, children, lineOf, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'
import { distinct } from './subject-lists.ts'

const subjectCodes = 'http://cv.iptc.org/newscodes/subjectcode/'
const mediaTopics = 'http://cv.iptc.org/newscodes/mediatopic/'
const mark = '(©NTB)'

/**
 * NTB writes media topics and its own desks as if they were subject codes (`subj:20000062`, `subj:Utenriks`), services as subjects, and
 * closes a text with its mark (seen 2026).
 */
export function ntb(item: XmlElement, { story }: Reading): void {
  if (!isNtb(item)) return
  const subjects: Concept[] = []
  for (const subject of story.subjects ?? []) {
    const code = subject.uri?.startsWith(subjectCodes) ? subject.uri.slice(subjectCodes.length) : undefined
    if (code !== undefined && !/^\d/.test(code) && story.section === undefined) story.section = subject.name ?? code
    else if (code?.startsWith('20')) subjects.push({ ...subject, uri: mediaTopics + code })
    else subjects.push(subject.literal?.startsWith('cat:') ? { ...subject, rel: 'service' } : subject)
  }
  if (subjects.length > 0) story.subjects = distinct(subjects)
  else delete story.subjects
  const { bodyText, bodyHtml } = story
  if (bodyText?.endsWith(mark) && bodyHtml?.endsWith(`${mark}</p>`)) {
    story.bodyText = bodyText.slice(0, -mark.length).trimEnd()
    story.bodyHtml = `${bodyHtml.slice(0, -mark.length - 4).trimEnd()}</p>`.replace(/<p><\/p>$/, '')
    story.copyrightNotice ??= '©NTB'
  }
}

function isNtb(item: XmlElement): boolean {
  const meta = child(item, 'itemMeta')
  const [provider] = meta === undefined ? [] : children(meta, 'provider')
  const name = provider && (lineOf(child(provider, 'name')) ?? attribute(provider, 'literal'))
  return name?.toLowerCase() === 'ntb.no' || name === 'NTB'
}
