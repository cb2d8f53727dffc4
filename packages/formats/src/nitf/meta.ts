import { addConcept } from '../add-concept.ts'
import { put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, type XmlElement } from '../xml/xml-tree.ts'
import type { Reading } from './reading.ts'

/** Tell of one transmission: counters, the time it was sent, the name of its file. */
const transmission = new Set([
  'anpa-sequence',
  'ap-sequence',
  'ap-routingdate',
  'filename',
  'foldername',
  'md5',
  'ntb-dato',
  'ntbiptcsequence',
  'ntbutdato',
  'timestamp',
])

/** Say how the text is set or counted, which the text shows by itself. */
const bookkeeping = new Set(['anpa-format', 'anpa-wordcount', 'ap-format', 'ap-wordcount', 'wordcount'])

/** Priority letters of ANPA 1312, as AP numbers them: flash, bulletin, urgent, routine, daily. */
const letters = 'FBURD'

/** A name and its content, as an agency agrees with its readers. The names of ANPA's header are known with AP's prefix too. */
export function putMeta(element: XmlElement, reading: Reading): void {
  const name = (attribute(element, 'name') ?? attribute(element, 'http-equiv'))?.toLowerCase()
  if (name === undefined) return
  if (transmission.has(name)) reading.transmission.push(element)
  const content = attribute(element, 'content')
  if (content === undefined) return
  if (!reading.metas.has(name)) reading.metas.set(name, content)
  if (transmission.has(name) || bookkeeping.has(name)) return
  if (!putKnown(name, content, reading)) leavePath(reading, `meta/${name}`)
}

function putKnown(name: string, content: string, reading: Reading): boolean {
  const { story, keywords } = reading
  switch (name) {
    case 'anpa-keyword':
    case 'ap-keyword':
    case 'slug':
    case 'slugline':
      if (story.slugline === undefined) put(story, 'slugline', content)
      return true
    case 'anpa-category':
    case 'ap-category':
    case 'category':
      addConcept(reading, 'subjects', { literal: content, rel: 'category' })
      return true
    case 'service':
      addConcept(reading, 'subjects', { literal: content, rel: 'service' })
      return true
    case 'keyword':
    case 'keywords':
      keywords.push(content)
      return true
    case 'anpa-priority':
    case 'ap-priority':
    case 'priority':
      return true
    default:
      return false
  }
}

/** Where docdata gives no urgency. */
export function putPriority({ story, metas }: Reading): void {
  const sent = metas.get('priority') ?? metas.get('ap-priority') ?? metas.get('anpa-priority')
  if (story.supplierUrgency !== undefined || sent === undefined) return
  story.supplierUrgency = sent
  const at = letters.indexOf(sent.toUpperCase())
  if (sent.length === 1 && at >= 0) story.urgency = at + 1
}
