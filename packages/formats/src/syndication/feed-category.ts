import { type Concept, isUri } from '@dateline/story'
import { addConcept, type FeedEntry } from './feed-entry.ts'

export interface Category {
  readonly term: string
  /** Of the vocabulary: Atom's scheme, RSS's domain. */
  readonly scheme: string | undefined
  readonly label?: string | undefined
}

/** A term of a vocabulary is a subject, a word alone a keyword. */
export function putCategory(entry: FeedEntry, { term, scheme, label }: Category): void {
  if (scheme === undefined) {
    entry.keywords.push(label ?? term)
    return
  }
  const uri = inVocabulary(scheme, term)
  const concept: Concept = {
    name: label ?? term,
    ...(uri === undefined ? { literal: `${scheme}:${term}` } : { uri }),
  }
  addConcept(entry, 'subjects', concept)
}

/** Only where the scheme is written to be continued, as that of IPTC's NewsCodes is; RSS's domain is any text. */
function inVocabulary(scheme: string, term: string): string | undefined {
  if (!/^https?:\/\/.*[/#=]$/i.test(scheme) || /\s/.test(term)) return undefined
  const joined = scheme + term
  return isUri(joined) ? joined : undefined
}
