import type { Story } from '@dateline/story'
import type { Draft } from '../json/json-values.ts'
import type { XmlElement } from '../xml/xml-tree.ts'

/** A document while it is read: the story as far as it is known, and what its parts and its supplier need to know of each other. */
export interface Reading {
  readonly story: Draft<Story>
  /** IANA zone of times that carry none. */
  readonly timezone: string | undefined
  readonly facts: Facts
  /** Content of the first `meta` of each name, the names in lower case. */
  readonly metas: Map<string, string>
  readonly keywords: string[]
  readonly edNotes: string[]
  /** Times of the revision history, as sent. */
  readonly revisions: string[]
  readonly flags: Set<string>
  readonly unmapped: Set<string>
  /** Subjects that are there already, by what identifies them. */
  readonly known: Set<string>
  /** What tells of one transmission only, and is no part of the source. */
  readonly transmission: XmlElement[]
}

/** What the head says and the story has no field for; status words in lower case, times as sent. */
export interface Facts {
  docId?: string | undefined
  registrar?: string | undefined
  duKey?: string | undefined
  duVersion?: string | undefined
  seriesPart?: string | undefined
  title?: string | undefined
  objectType?: string | undefined
  status?: string | undefined
  /** Of the document that this one is about, where that is another. */
  concernedId?: string | undefined
  concernedStatus?: string | undefined
  correctedId?: string | undefined
  issued?: string | undefined
  released?: string | undefined
}

export const startReading = (timezone: string | undefined): Reading => ({
  story: {},
  timezone,
  facts: {},
  metas: new Map(),
  keywords: [],
  edNotes: [],
  revisions: [],
  flags: new Set(),
  unmapped: new Set(),
  known: new Set(),
  transmission: [],
})

const mostAltIds = 50

export function addAltId({ story }: Reading, role: string, value: string | undefined): void {
  if (value === undefined || (story.altIds?.length ?? 0) >= mostAltIds) return
  story.altIds = [...(story.altIds ?? []), { role, value }]
}
