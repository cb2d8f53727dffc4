import type { Story } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, type XmlElement } from '../xml/xml-tree.ts'
import type { Identification } from './identification.ts'
import type { TextPart } from './text-part.ts'
import type { Topics } from './topics.ts'

/** A Property under a name that its supplier chose. */
export interface SupplierProperty {
  /** `DescriptiveMetadata/Keyword`. */
  readonly path: string
  readonly value: string
}

/** An item while it is read: the story as far as it is known, and what its parts and its supplier need to know of each other. */
export interface Reading {
  readonly story: Draft<Story>
  readonly identification: Identification
  /** IANA zone of times that carry none. */
  readonly timezone: string | undefined
  /** What the message describes for its items to refer to. */
  readonly topics: Topics
  /** Texts in the order of the item, each with its role. */
  readonly parts: TextPart[]
  readonly keywords: string[]
  readonly edNotes: string[]
  /** Initials of writers and desks: "daa/mt/msr". */
  readonly initials: string[]
  /** What suppliers may read; what none of them takes out is unmapped. */
  readonly properties: SupplierProperty[]
  readonly flags: Set<string>
  readonly unmapped: Set<string>
  /** Concepts that are there already. */
  readonly known: Set<string>
  /** Parts of the item that tell of one transmission only, and are no part of the source. */
  readonly transmission: XmlElement[]
}

export const startReading = (
  identification: Identification,
  { timezone, topics }: Pick<Reading, 'timezone' | 'topics'>,
): Reading => ({
  story: {},
  identification,
  timezone,
  topics,
  parts: [],
  keywords: [],
  edNotes: [],
  initials: [],
  properties: [],
  flags: new Set(),
  unmapped: new Set(),
  known: new Set(),
  transmission: [],
})

type LineKey = 'slugline' | 'by' | 'dateline' | 'located' | 'language' | 'copyrightHolder' | 'copyrightNotice'

/** Sets what is not there yet: the parts of an item are read from the innermost out. */
export function putOnce({ story }: Reading, key: LineKey, value: string | undefined): void {
  if (story[key] === undefined) put(story, key, value)
}

/** Records that the story has no place for an element that holds something. */
export function leave(reading: Reading, parent: string, element: XmlElement): void {
  if (holdsSomething(element)) leavePath(reading, `${parent}/${element.name}`)
}

const holdsSomething = ({ attributes, children }: XmlElement): boolean =>
  attributes.some((text, at) => at % 2 === 1 && text.trim() !== '') ||
  children.some((node) => (typeof node === 'string' ? node.trim() !== '' : holdsSomething(node)))

const mostProperties = 1_000

/** A Property with a value, or with properties that have some: Belga's NewsPackage is "BIN/ALG". */
export function addProperty({ properties }: Reading, parent: string, element: XmlElement): void {
  const name = attribute(element, 'FormalName')
  const value = attribute(element, 'Value') ?? valuesIn(element)
  if (name === undefined || value === undefined || properties.length >= mostProperties) return
  properties.push({ path: `${parent}/${name}`, value })
}

function valuesIn(element: XmlElement): string | undefined {
  const values = element.children.flatMap((node) => (typeof node === 'string' ? [] : (attribute(node, 'Value') ?? [])))
  return values.length === 0 ? undefined : values.join('/')
}

/** Takes the values of a supplier's properties, in their order: nobody else reads them. */
export function takeProperties({ properties }: Reading, path: string): string[] {
  const taken: string[] = []
  let kept = 0
  for (const property of properties) {
    if (property.path === path) taken.push(property.value)
    else properties[kept++] = property
  }
  properties.length = kept
  return taken
}
