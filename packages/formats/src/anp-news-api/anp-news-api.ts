import { ignore, type Outcome, pass, reject } from '@dateline/story'
import { isObject, type JsonObject, textOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { ParsedItem, WireFormat } from '../wire-format.ts'
import { anpStory } from './anp-story.ts'

const mostItems = 2_000
const lookCharacters = 100_000

/**
 * ANP News API: an item in detail, alone or in the envelope `{hasError, data}`, and lists. A list of ids to fetch, of sources or of media
 * holds no story. An error comes with HTTP 200 and `hasError`.
 */
export const anpNewsApi: WireFormat = {
  name: 'anp-news-api',

  recognises({ text }) {
    if (!/^\s*\{/.test(text)) return false
    const start = text.slice(0, lookCharacters)
    return /"hasError"\s*:/.test(start) || (/"bodyText"\s*:/.test(start) && /"firstIssueDate"\s*:/.test(start))
  },

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    if (!isObject(value)) return reject('invalid', 'an answer must be an object')
    if (isError(value)) return reject('invalid', faultOf(value.data))
    const entries = entriesIn(value)
    if (entries === null) return reject('no-story', 'an answer without data')
    if (entries.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    if (!entries.some((entry) => isObject(entry) && isDetail(entry)))
      return pass([ignore('not-a-story', `${entries.length} entries without text: ${kindsOf(entries)}`)])
    return pass(
      entries.map((entry): Outcome<ParsedItem> => {
        if (!isObject(entry)) return reject('invalid', 'an item must be an object')
        if (!isDetail(entry)) return ignore('not-a-story', `kind ${textOf(entry.kind) ?? 'unknown'}, without text`)
        return anpStory(entry, isMended, context.feed.timezone)
      }),
    )
  },
}

const isError = ({ hasError }: JsonObject): boolean => hasError === true || textOf(hasError)?.toLowerCase() === 'true'

function faultOf(data: unknown): string {
  if (!isObject(data)) return textOf(data) ?? 'hasError without data'
  return [data.errorCode, data.description].flatMap((part) => textOf(part) ?? []).join(': ') || 'hasError'
}

/** What an answer lists: one item, or many; null where there is nothing. */
function entriesIn(answer: JsonObject): readonly unknown[] | null {
  const data = answer.hasError === undefined ? (answer.data ?? answer) : answer.data
  if (Array.isArray(data)) return data
  if (!isObject(data)) return null
  return Array.isArray(data.items) ? data.items : [data]
}

/** Items of lists have an id, a kind and when they changed; the text is to be fetched. */
const isDetail = (entry: JsonObject): boolean =>
  textOf(entry.bodyText) !== undefined || textOf(entry.pubDate) !== undefined || textOf(entry.itemId) !== undefined

const kindsOf = (entries: readonly unknown[]): string =>
  [...new Set(entries.map((entry) => (isObject(entry) ? (textOf(entry.kind) ?? '') : '')))]
    .filter((kind) => kind !== '')
    .slice(0, 5)
    .join(', ') || 'none'
