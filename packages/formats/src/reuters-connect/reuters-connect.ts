import { ignore, type Outcome, pass, reject } from '@dateline/story'
import { first, isObject, type JsonObject, listOf, textOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { ParsedItem, WireFormat } from '../wire-format.ts'
import { reutersStory } from './reuters-story.ts'

const mostItems = 2_000
const lookCharacters = 100_000

/**
 * Items as the GraphQL interface of Reuters Connect gives them: `{data: {item}}`, `{data: {search: {items}}}`, or an item alone. What a
 * search lists without text or version is only a pointer to an item.
 */
export const reutersConnect: WireFormat = {
  name: 'reuters-connect',

  recognises({ text }) {
    if (!/^\s*\{/.test(text)) return false
    const start = text.slice(0, lookCharacters)
    const isAnswer = /"data"\s*:\s*\{\s*"(?:item|search)"\s*:/.test(start)
    return /"versionedGuid"\s*:/.test(start) || (isAnswer && /"(?:headLine|usn|bodyXhtml|pageInfo)"\s*:/.test(start))
  },

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    if (!isObject(value)) return reject('invalid', 'an answer must be an object')
    const entries = entriesIn(value)
    if (entries === null) return reject('invalid', faultsIn(value) ?? 'an answer without data')
    if (entries.length === 0) return pass([ignore('not-a-story', 'a search without items')])
    if (entries.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    return pass(
      entries.map((entry): Outcome<ParsedItem> => {
        if (!isObject(entry)) return reject('invalid', 'an item must be an object')
        if (isPointer(entry)) return ignore('not-a-story', 'an item of a search, without text and version')
        return reutersStory(entry, isMended, context.feed.timezone)
      }),
    )
  },
}

/** null where the answer has no data; what it has stands even beside errors. */
function entriesIn(answer: JsonObject): readonly unknown[] | null {
  const data = answer.data === undefined && answer.errors === undefined ? { item: answer } : answer.data
  if (!isObject(data)) return null
  if (isObject(data.search)) return listOf(data.search.items)
  const item = first(data, 'item', 'items')
  return item === undefined ? null : listOf(item)
}

function faultsIn({ errors }: JsonObject): string | undefined {
  const faults = listOf(errors).flatMap((error) => textOf(isObject(error) ? error.message : error) ?? [])
  return faults.length === 0 ? undefined : faults.slice(0, 5).join('; ')
}

const isPointer = (item: JsonObject): boolean =>
  first(item, 'version', 'versionCreated', 'bodyXhtmlRich', 'bodyXhtml', 'fragment', 'pubStatus', 'renditions') ===
  undefined
