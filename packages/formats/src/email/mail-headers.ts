import { type Concept, isUri, type Story } from '@dateline/story'
import { readInstant } from '../dates.ts'
import { flaggedInstant } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { keywordList } from '../keyword-list.ts'
import { readMailDate } from '../mail-date.ts'
import { languageTag } from '../syndication/language-tag.ts'
import { type Mailbox, mailboxesIn } from './mailboxes.ts'
import { decodeWords } from './mime/encoded-words.ts'
import { fieldOf, type HeaderField } from './mime/mail-header.ts'

/** Added when a mail is answered or sent on, in the languages of our suppliers. */
const prefix = /^(?:re|fw|fwd|antw|betr|doorst|aw|wg|tr|rv)\s?(?:\[\d{1,3}\])?:\s*/i
const mostPrefixes = 5
const mostReferences = 20
/** They say something of the story that it has no place for. */
const leftOut = ['reply-to', 'organization', 'sensitivity']

/** Puts what a mail's header says into the story (RFC 5322 3.6, RFC 4021 for the rarer fields). */
export function putHeaders(
  fields: readonly HeaderField[],
  story: Draft<Story>,
  { timezone, flags }: { readonly timezone: string | undefined; readonly flags: Set<string> },
): void {
  const lineOf = (name: string): string | undefined => {
    const value = fieldOf(fields, name)
    const line = value === undefined ? '' : decodeWords(value)
    return line === '' ? undefined : line
  }
  put(story, 'id', idsIn(fieldOf(fields, 'message-id'))[0])
  for (const [name, key] of times) {
    const text = lineOf(name)
    if (text === undefined) continue
    put(story, key, flaggedInstant(readMailDate(text, timezone) ?? readInstant(text, timezone), flags))
  }
  const subject = withoutPrefixes(lineOf('subject') ?? '')
  put(story, 'headlines', subject === '' ? [] : [{ value: subject }])
  put(story, 'language', languageTag(lineOf('content-language')?.split(',')[0]?.trim()))
  put(story, 'infoSources', mailboxesIn(fieldOf(fields, 'from')).map(sourceOf))
  const keywords = lineOf('keywords')
  put(story, 'keywords', keywords === undefined ? [] : keywordList(keywords))
  const comments = lineOf('comments')
  put(story, 'edNotes', comments === undefined ? [] : [comments])
  put(story, 'supplierUrgency', lineOf('x-priority') ?? lineOf('importance') ?? lineOf('priority'))
  put(story, 'replaces', [...idsIn(fieldOf(fields, 'supersedes')), ...idsIn(fieldOf(fields, 'obsoletes'))])
  putReferences(fields, story)
  const unmapped = leftOut.filter((name) => fieldOf(fields, name) !== undefined).map((name) => `headers/${name}`)
  put(story, 'unmapped', unmapped)
}

const times = [
  ['date', 'versionCreated'],
  ['expires', 'expires'],
  ['expiry-date', 'expires'],
] as const

/** Seen without their brackets too. */
function idsIn(field: string | undefined): string[] {
  if (field === undefined) return []
  const ids = [...field.slice(0, 20_000).matchAll(/<([^<>\s]{1,500})>/g)].map(([, id = '']) => id)
  return ids.length > 0 || !/^\S{1,500}$/.test(field) ? ids : [field]
}

function putReferences(fields: readonly HeaderField[], story: Draft<Story>): void {
  const answered = idsIn(fieldOf(fields, 'in-reply-to'))
  const others = idsIn(fieldOf(fields, 'references')).filter((id) => !answered.includes(id))
  put(story, 'altIds', [
    ...answered.slice(0, mostReferences).map((value) => ({ role: 'in-reply-to', value })),
    // The last are the nearest.
    ...others.slice(-mostReferences).map((value) => ({ role: 'references', value })),
  ])
}

function withoutPrefixes(subject: string): string {
  let rest = subject
  for (let count = 0; count < mostPrefixes && prefix.test(rest); count++) rest = rest.replace(prefix, '')
  return rest
}

function sourceOf({ name, address }: Mailbox): Concept {
  const uri = address === undefined ? undefined : `mailto:${address}`
  return {
    ...(name === undefined && address !== undefined ? { name: address } : {}),
    ...(name === undefined ? {} : { name }),
    ...(uri !== undefined && isUri(uri) ? { uri } : {}),
  }
}
