import { type Concept, isUri } from '@dateline/story'
import { type Draft, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'

/** Concepts of any generation: 2.x and 3.x name, uri, literal; 1.x name, scheme, code; Superdesk's code and name; TT's and others' plain strings. */
export function conceptsIn(value: unknown): Concept[] {
  if (value === undefined) return []
  return listOf(value).flatMap((entry) => {
    const concept: Draft<Concept> = {}
    if (isObject(entry)) read(entry, concept)
    else put(concept, 'name', textOf(entry))
    return concept.name === undefined && concept.uri === undefined && concept.literal === undefined ? [] : [concept]
  })
}

function read(entry: JsonObject, concept: Draft<Concept>): void {
  put(concept, 'name', textOf(entry.name ?? entry.title))
  identify(entry, concept)
  put(concept, 'rel', textOf(entry.rel))
  put(concept, 'role', textOf(entry.role))
}

function identify(entry: JsonObject, concept: Draft<Concept>): void {
  const uri = textOf(entry.uri)
  const literal = textOf(entry.literal ?? entry.qcode)
  const code = textOf(entry.code)
  const scheme = textOf(entry.scheme)
  if (uri !== undefined && isUri(uri)) {
    concept.uri = uri
    put(concept, 'literal', literal ?? code)
  } else if (code === undefined) {
    put(concept, 'literal', literal ?? uri)
  } else {
    put(concept, 'uri', inVocabulary(scheme, code))
    concept.literal = scheme === undefined || concept.uri !== undefined ? code : `${scheme}:${code}`
  }
}

/** ninjs 1.x: the scheme is the URI of the vocabulary, the code a name within it. */
function inVocabulary(scheme: string | undefined, code: string): string | undefined {
  if (scheme === undefined || !/^https?:/.test(scheme)) return undefined
  const joined = /[/#=]$/.test(scheme) ? scheme + code : `${scheme}/${code}`
  return isUri(joined) ? joined : undefined
}
