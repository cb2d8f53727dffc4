import { type Concept, isUri } from '@dateline/story'
import { type Draft, put, textOf } from './json-values.ts'

const mediaTopics = 'http://cv.iptc.org/newscodes/mediatopic/'

/** A concept of a name and a supplier's code; null when there is neither. A media topic (`medtop:20000587`) gets its URI. */
export function conceptOf(name: unknown, code: unknown, rel?: string): Concept | null {
  const concept: Draft<Concept> = {}
  const literal = textOf(code)
  put(concept, 'name', textOf(name))
  const topic = literal === undefined ? null : /^medtop:(\d{8})$/.exec(literal)
  if (topic) concept.uri = mediaTopics + topic[1]
  else if (literal !== undefined && /^(?:https?:|urn:)/.test(literal) && isUri(literal)) concept.uri = literal
  else put(concept, 'literal', literal)
  if (concept.name === undefined && concept.uri === undefined && concept.literal === undefined) return null
  put(concept, 'rel', rel)
  return concept
}
