import { reject } from '@dateline/story'
import { isObject, listOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import { readEntries } from '../syndication/read-entries.ts'
import type { WireFormat } from '../wire-format.ts'
import { feedDefaults, jsonFeedItem } from './json-feed-item.ts'

const lookCharacters = 100_000
/** Slashes are escaped by some writers of JSON. */
const sign = /"version"\s*:\s*"https?:\\?\/\\?\/(?:www\.)?jsonfeed\.org\\?\/version\\?\//

/** JSON Feed 1.0 and 1.1 (jsonfeed.org): a feed is one message, each of its items a story. */
export const jsonFeed: WireFormat = {
  name: 'json-feed',

  recognises: ({ text }) => /^\s*\{/.test(text) && sign.test(text.slice(0, lookCharacters)),

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    if (!isObject(value)) return reject('invalid', 'a feed must be an object')
    if (!Array.isArray(value.items)) return reject('malformed', 'a feed without items')
    const surroundings = { defaults: feedDefaults(value), isMended, timezone: context.feed.timezone }
    return readEntries(listOf(value.items), (item) => jsonFeedItem(item, surroundings))
  },
}
