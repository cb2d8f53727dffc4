import type { Story } from '@dateline/story'
import { type Draft, first, isObject, type JsonObject, listOf, put, textOf } from '../json/json-values.ts'

/**
 * Puts id, alternative ids and what the story replaces into it. TT gives every revision a uri of its own and lists them all: the story
 * is the first of them. Superdesk gives an update a new guid and names the old one in `evolvedfrom`.
 */
export function putIdentity(document: JsonObject, story: Draft<Story>): void {
  const own = textOf(first(document, 'uri', 'guid'))
  const origin = idsIn(document.revisions)[0]
  const id = origin ?? own
  put(story, 'id', id)
  if (origin === undefined) {
    const superseded = [...idsIn(document.replacing), ...idsIn(document.evolvedfrom)].filter((other) => other !== id)
    put(story, 'replaces', [...new Set(superseded)])
  }
  const altIds = altIdsIn(first(document, 'altIds', 'altids'))
  if (own !== undefined && own !== id) altIds.push({ role: 'revision', value: own })
  put(story, 'altIds', altIds)
}

/** Uris as texts, or as objects that have one. */
const idsIn = (value: unknown): string[] =>
  value === undefined ? [] : listOf(value).flatMap((entry) => textOf(isObject(entry) ? entry.uri : entry) ?? [])

/** 3.x: a list of role and value; 1.x and 2.x: an object by role. */
function altIdsIn(value: unknown): { role: string; value: string }[] {
  if (value === undefined) return []
  const pairs = isObject(value)
    ? Object.entries(value)
    : listOf(value)
        .filter(isObject)
        .map((entry) => [entry.role, entry.value] as const)
  return pairs.flatMap(([role, value]) => {
    const text = textOf(value)
    return text === undefined ? [] : [{ role: textOf(role) ?? 'id', value: text }]
  })
}
