import { Buffer } from 'node:buffer'
import type { Outcome, Story } from '@dateline/story'
import type { DecodedMessage, ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { jsonParts } from './json-parts.ts'
import { lineParts } from './line-parts.ts'
import { mailParts } from './mail-parts.ts'
import type { MessagePart } from './message-part.ts'
import { xmlParts } from './xml-parts.ts'

export interface Trace {
  /** For each item of the message, in its order: from which parts of the message each field of the story comes. */
  readonly items: readonly ReadonlyMap<keyof Story, readonly string[]>[]
  /** False when the message has more parts than were tried. */
  readonly isComplete: boolean
}

/** A body has many paragraphs of one path. */
const mostOfOnePath = 40
const mostCharacters = 4_000_000
const mostParts = 2_000
/** Not values of the message, but said about the reading of it. */
const aboutReading: ReadonlySet<string> = new Set(['flags', 'unmapped'])

/**
 * Finds where the fields of a story come from, by experiment: every part of the message is changed or taken out in its turn and the message read
 * again; the fields that then differ come from that part. Works for every format, with whatever corrections it has, and costs readings
 * only here. Reads no more than about 4 million characters.
 */
export function traceFields(format: WireFormat, message: DecodedMessage, context: ParseContext): Trace {
  const silent: ParseContext = { feed: context.feed, receivedAtMs: context.receivedAtMs }
  const mail = format.readsBytes === true ? mailParts(message.bytes) : null
  const encoding = mail === null ? 'utf8' : 'latin1'
  const read = (text: string) =>
    fieldsOf(format.parse({ ...message, text, bytes: Buffer.from(text, encoding) }, silent))
  const { text, parts } = mail ?? { text: message.text, parts: partsOf(message.text) }
  const found = read(text)
  const items = found.map(() => new Map<keyof Story, Set<string>>())
  const tries = new Map<string, number>()
  let left = mostCharacters
  let isComplete = parts.length <= mostParts
  for (const part of parts.slice(0, mostParts)) {
    const tried = tries.get(part.path) ?? 0
    tries.set(part.path, tried + 1)
    if (tried >= mostOfOnePath) continue
    const variants = [...part.changed(), part.without()]
    left -= variants.reduce((sum, variant) => sum + variant.length, 0)
    note(
      variants.map((variant) => changesBetween(found, read(variant))),
      { items, part },
    )
    if (left > 0) continue
    isComplete = false
    break
  }
  return { items: items.map((fields) => new Map([...fields].map(([field, paths]) => [field, [...paths]]))), isComplete }
}

function partsOf(text: string): readonly MessagePart[] {
  if (/^\s*</.test(text)) return xmlParts(text)
  const json = /^\s*[{[]/.test(text) ? jsonParts(text) : []
  return json.length > 0 ? json : lineParts(text)
}

type Fields = ReadonlyMap<keyof Story, string> | null

/** The fields of each item as text; null for an item that gave no story. */
function fieldsOf(outcome: Outcome<readonly Outcome<ParsedItem>[]>): readonly Fields[] {
  if (outcome.kind !== 'pass') return []
  return outcome.value.map((item) => {
    if (item.kind !== 'pass') return null
    const entries = Object.entries(item.value.story).filter(([field]) => !aboutReading.has(field))
    return new Map(entries.map(([field, value]) => [field as keyof Story, JSON.stringify(value)]))
  })
}

type Changes = readonly ReadonlySet<keyof Story>[]

/** For each item the fields that differ. null where the message falls into other items: that tells nothing of the fields. */
function changesBetween(found: readonly Fields[], other: readonly Fields[]): Changes | null {
  if (other.length !== found.length || other.every((fields) => fields === null)) return null
  return found.map((fields, index) => {
    const changed = other[index]
    if (fields === null || changed === null || changed === undefined) return new Set<keyof Story>()
    return new Set([...fields].filter(([field, value]) => changed.get(field) !== value).map(([field]) => field))
  })
}

/** Notes the part for the fields that differ in any variant; of a loose part, that differ without it too. The last variant is the one without it. */
function note(
  variants: readonly (Changes | null)[],
  { items, part }: { readonly items: readonly Map<keyof Story, Set<string>>[]; readonly part: MessagePart },
): void {
  const without = variants.at(-1) ?? null
  for (const [index, sources] of items.entries()) {
    const changed = new Set(variants.flatMap((changes) => [...(changes?.[index] ?? [])]))
    for (const field of changed) {
      if (part.isLoose === true && without !== null && without[index]?.has(field) !== true) continue
      const paths = sources.get(field)
      if (paths === undefined) sources.set(field, new Set([part.path]))
      else paths.add(part.path)
    }
  }
}
