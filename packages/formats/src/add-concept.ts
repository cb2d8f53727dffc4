import type { Concept, Story } from '@dateline/story'
import { type Draft, put } from './json/json-values.ts'

type ConceptKey = 'subjects' | 'people' | 'organisations' | 'places' | 'objects' | 'events' | 'genres' | 'infoSources'
type Sent = { readonly [K in keyof Concept]?: string | undefined }

/** A story while it is read, and the concepts that it has already. */
interface ConceptsOfReading {
  readonly story: Draft<Story>
  readonly known: Set<string>
}

/** Adds a concept once, in constant time; nothing where nothing identifies it. Compared as sent: URIs and codes that differ in case differ. */
export function addConcept(
  { story, known }: ConceptsOfReading,
  key: ConceptKey,
  { name, uri, literal, rel }: Sent,
): void {
  const identity = uri ?? literal ?? name
  if (identity === undefined) return
  const entry = JSON.stringify([key, identity, rel])
  if (known.has(entry)) return
  known.add(entry)
  const concept: Draft<Concept> = {}
  put(concept, 'name', name)
  put(concept, 'uri', uri)
  put(concept, 'literal', literal)
  put(concept, 'rel', rel)
  const list = story[key] as Concept[] | undefined
  if (list === undefined) story[key] = [concept]
  else list.push(concept)
}
