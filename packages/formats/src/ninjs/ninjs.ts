import { ignore, type Outcome, pass, reject } from '@dateline/story'
import { isObject, type JsonObject, textOf } from '../json/json-values.ts'
import { parseJson } from '../json/parse-json.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { sourceOf } from './known-keys.ts'
import { ninjsStory } from './ninjs-story.ts'
import { declaredVersion, ninjsFault } from './standard/ninjs-fault.ts'
import { fromFingerpost, isFingerpost } from './suppliers/fingerpost.ts'
import { fromTt } from './suppliers/tt.ts'

const mostItems = 2_000
const lookCharacters = 100_000
const signs =
  /"(?:uri|guid|source-feed|\$?standard|headlines?|body_(?:html5?|xhtml|text)|bodies|version[cC]reated|pub[sS]tatus|evolvedfrom)"\s*:/
/** BBC's, after the last item. */
const emptyPage = /^\s*\{\s*"total"\s*:[^[]{1,100}"item"\s*:\s*\[\s*\]/
/** Diary entries, in ninjs since 3.0. */
const diaryTypes = new Set(['event', 'planning'])

/**
 * IPTC ninjs 1.x, 2.x and 3.x and the dialects of Superdesk, TT and Fingerpost: one document, or an array of them. Told apart by the
 * properties that are there, never by the declared version, which is often missing or wrong.
 */
export const ninjs: WireFormat = {
  name: 'ninjs',

  recognises: ({ text }) =>
    /^\s*[{[]/.test(text) && (signs.test(text.slice(0, lookCharacters)) || emptyPage.test(text.slice(0, 300))),

  parse(message, context) {
    const parsed = parseJson(message.text)
    if (parsed.kind !== 'pass') return parsed
    const { value, isMended } = parsed.value
    const documents = documentsIn(value)
    if (documents.length === 0)
      return Array.isArray(value)
        ? reject('no-story', 'an empty array')
        : pass([ignore('not-a-story', 'an empty page')])
    if (documents.length > mostItems) return reject('too-complex', `more than ${mostItems} documents`)
    return pass(documents.map((document) => itemOf(document, isMended, context)))
  },
}

/** BBC's local democracy reporting service sends its documents as a page: `{total, limit, offset, item: […]}`. */
function documentsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return isObject(value) && Array.isArray(value.item) && value.uri === undefined ? value.item : [value]
}

function itemOf(document: unknown, isMended: boolean, context: ParseContext): Outcome<ParsedItem> {
  if (!isObject(document)) return reject('invalid', 'a document must be an object')
  const type = textOf(document.type)?.toLowerCase() ?? ''
  if (diaryTypes.has(type)) return ignore('not-a-story', `type ${type}`)
  const correct = isFingerpost(document) ? fromFingerpost : fromTt
  const corrected = correct(document)
  if (corrected !== document) context.onCorrection?.(correct.name)
  const story = ninjsStory(corrected, context.feed.timezone)
  const flags = [
    ...(isMended ? ['control-characters-mended'] : []),
    ...(isBelowStandard(document) ? ['ninjs-invalid'] : []),
  ]
  const flagged = flags.length === 0 ? story : { ...story, flags: [...(story.flags ?? []), ...flags] }
  return pass({ story: flagged, source: sourceOf(document) })
}

/** A document that breaks the rules of the version it declares is read all the same, and flagged: a pedantic fault loses no story. */
function isBelowStandard(document: JsonObject): boolean {
  const version = declaredVersion(document)
  return version !== undefined && ninjsFault(document, version) !== null
}
