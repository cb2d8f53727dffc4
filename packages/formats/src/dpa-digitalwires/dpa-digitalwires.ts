import { ignore, pass, reject } from '@dateline/story'
import { isObject } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { WireFormat } from '../wire-format.ts'
import { dpaStory } from './dpa-story.ts'

const mostItems = 2_000
const lookCharacters = 100_000

/** dpa digitalwires 0.8 and 0.9: an entry alone, an array of them, or the answer of a queue (`{entries: […]}`). */
export const dpaDigitalwires: WireFormat = {
  name: 'dpa-digitalwires',

  recognises({ text }) {
    if (!/^\s*[{[]/.test(text)) return false
    const start = text.slice(0, lookCharacters)
    return /"format"\s*:\s*"digitalwires@/.test(start) || (/"entry_id"\s*:/.test(start) && /"urn"\s*:/.test(start))
  },

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    const listed = isObject(value) && Array.isArray(value.entries) ? value.entries : value
    const entries: readonly unknown[] = Array.isArray(listed) ? listed : [listed]
    if (entries.length === 0) return pass([ignore('not-a-story', 'a queue without entries')])
    if (entries.length > mostItems) return reject('too-complex', `more than ${mostItems} entries`)
    return pass(
      entries.map((entry) =>
        isObject(entry)
          ? dpaStory(entry, isMended, context.feed.timezone)
          : reject('invalid', 'an entry must be an object'),
      ),
    )
  },
}
