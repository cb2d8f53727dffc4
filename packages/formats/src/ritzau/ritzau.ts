import { ignore, type Outcome, pass, reject } from '@dateline/story'
import { isObject, type JsonObject, listOf, textOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { ParsedItem, WireFormat } from '../wire-format.ts'
import { fieldsOf } from './fields.ts'
import { ritzauStory } from './ritzau-story.ts'

const mostItems = 2_000
const lookCharacters = 100_000
const deepestEnvelope = 4
const furtherSign = /"(?:ListOfRBNews|RBNews|sectionShort|HistID|TilRedaktionen|ContentShort|iaId|prettyByline)"\s*:/i

/**
 * Ritzau's news queue as JSON: the answer of the service with its list of news, however deep the service wraps it, or one news item alone.
 * The service reports faults as `error` and `errormsg` with HTTP 200.
 */
export const ritzau: WireFormat = {
  name: 'ritzau',

  recognises({ text }) {
    if (!/^\s*[{[]/.test(text)) return false
    const start = text.slice(0, lookCharacters)
    // One of the envelope's names, or two of an item's; most other JSON is told at the first look.
    return /"(?:ListOfRBNews|RBNews|NewsID|strId)"\s*:/i.test(start) && furtherSign.test(start)
  },

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    const entries = entriesIn(value, 0)
    if (typeof entries === 'string') return reject('invalid', entries)
    if (entries.length === 0) return pass([ignore('not-a-story', 'a queue without news')])
    if (entries.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    return pass(
      entries.map(
        (entry): Outcome<ParsedItem> =>
          isObject(entry)
            ? ritzauStory(entry, isMended, context.feed.timezone)
            : reject('invalid', 'an item must be an object'),
      ),
    )
  },
}

/** The news of an answer; a text says why there are none. */
function entriesIn(value: unknown, depth: number): readonly unknown[] | string {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return 'an answer must be an object'
  const fields = fieldsOf(value)
  const error = textOf(fields.get('error'))
  if (error !== undefined && error !== '0' && error !== 'false')
    return `error ${error}: ${textOf(fields.get('errormsg')) ?? 'no reason given'}`
  const list = fields.get('listofrbnews')
  if (list !== undefined) return isObject(list) ? listOf(fieldsOf(list).get('rbnews')) : listOf(list)
  if (fields.has('error')) return []
  if (fields.has('rbnews')) return listOf(fields.get('rbnews'))
  const inner = innerOf(value)
  return inner === undefined || depth === deepestEnvelope ? [value] : entriesIn(inner, depth + 1)
}

/** What an envelope is around: `{"XMLNewsQueuedResult": {…}}`. */
function innerOf(value: JsonObject): unknown {
  const [only, ...others] = Object.values(value)
  return others.length === 0 && (isObject(only) || Array.isArray(only)) ? only : undefined
}
