import type { Story } from '@dateline/story'
import { instantOf } from '../flagged-time.ts'
import { type Draft, put } from '../json/json-values.ts'
import { leavePath } from '../unmapped.ts'
import { lineOf, type XmlElement } from '../xml/xml-tree.ts'
import type { Vocabulary } from './catalogs.ts'

/** An item while it is read: the story as far as it is known, and what its parts need to know of each other. */
export interface Reading {
  readonly story: Draft<Story>
  readonly vocabulary: Vocabulary
  /** IANA zone of times that carry none. */
  readonly timezone: string | undefined
  /** Names that the item's assertions give to its codes. */
  readonly assertedNames: ReadonlyMap<string, string>
  readonly flags: Set<string>
  readonly unmapped: Set<string>
}

type InstantKey = 'versionCreated' | 'firstCreated' | 'contentCreated' | 'expires'

/** Sets an instant that can be read; flags one that cannot. */
export function putInstant(reading: Reading, key: InstantKey, element: XmlElement): void {
  put(reading.story, key, instantOf(lineOf(element), reading))
}

type ListKey = { [K in keyof Story]-?: NonNullable<Story[K]> extends readonly object[] ? K : never }[keyof Story]
type Entry<K extends ListKey> = NonNullable<Story[K]>[number]

/** Adds to a list of the story, in constant time. */
export function append<K extends ListKey>({ story }: Reading, key: K, entry: Entry<K>): void {
  const list = story[key] as Entry<K>[] | undefined
  if (list === undefined) story[key] = [entry] as unknown as Story[K]
  else list.push(entry)
}

/** Records that the story has no place for an element that holds something. */
export function leave(reading: Reading, parent: string, element: XmlElement): void {
  const isEmpty = element.attributes.length === 0 && element.children.length === 0
  if (!isEmpty) leavePath(reading, parent === '' ? element.name : `${parent}/${element.name}`)
}
