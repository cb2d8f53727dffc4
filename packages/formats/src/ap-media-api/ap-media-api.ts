import { ignore, type Outcome, pass, reject } from '@dateline/story'
import { first, isObject, type JsonObject, textOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { apStory } from './ap-story.ts'

const mostItems = 2_000
const lookCharacters = 100_000
const envelope = /"data"\s*:\s*\{/
const item = /"altids"\s*:\s*\{/
const emptyPage = /"items"\s*:\s*\[\s*\]/
const ofService = /"(?:next_page|api_version|current_item_count)"\s*:/
/** AP's ninjs has the same alternative ids, but none of these. */
const ofItem = /"(?:editorialpriority|editorialtypes|textformat|datelinelocation|bylines)"\s*:/

/**
 * AP Media API 1.1 and 2.2: the answer for one item (`{data: {item}}`), a page of a feed or a search (`{data: {items: [{item}]}}`), or an
 * item alone.
 */
export const apMediaApi: WireFormat = {
  name: 'ap-media-api',

  recognises({ text }) {
    if (!/^\s*\{/.test(text)) return false
    const start = text.slice(0, lookCharacters)
    if (!envelope.test(start)) return isAlone(start) || (/"error"\s*:/.test(start) && ofService.test(start))
    return item.test(start) || (emptyPage.test(start) && ofService.test(start))
  },

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    if (!isObject(value)) return reject('invalid', 'an answer must be an object')
    const fault = faultIn(value)
    if (fault !== undefined) return reject('invalid', fault)
    const data = isObject(value.data) ? value.data : value
    if (!Array.isArray(data.items)) return pass([itemOf(first(data, 'item') ?? data, isMended, context)])
    if (data.items.length === 0) return pass([ignore('not-a-story', 'a page without items')])
    if (data.items.length > mostItems) return reject('too-complex', `more than ${mostItems} items`)
    return pass(data.items.map((entry) => itemOf(isObject(entry) ? entry.item : entry, isMended, context)))
  },
}

const isAlone = (start: string): boolean =>
  item.test(start) && /"friendlykey"\s*:/.test(start) && ofItem.test(start) && !/"\$?standard"\s*:/.test(start)

/** An answer that reports a fault: `{error: {code, message}}`. */
function faultIn({ error }: JsonObject): string | undefined {
  if (error === undefined || error === null) return undefined
  return isObject(error)
    ? [textOf(error.code), textOf(error.message)].join(' ').trim() || 'error'
    : (textOf(error) ?? 'error')
}

function itemOf(entry: unknown, isMended: boolean, context: ParseContext): Outcome<ParsedItem> {
  if (!isObject(entry)) return reject('invalid', 'an item must be an object')
  return apStory(entry, isMended, context.feed.timezone)
}
