import type { CleanBody } from '../body/body-writer.ts'

/** What a text is to its item. */
export type TextRole = 'title' | 'lead' | 'text' | 'caption' | 'abstract' | 'note'

export interface TextPart {
  readonly role: TextRole
  readonly body: CleanBody
}

/** Roles as agencies name them, in lower case; any other is a text. */
const roles: ReadonlyMap<string, TextRole> = new Map([
  ['title', 'title'],
  ['headline', 'title'],
  ['lead', 'lead'],
  ['intro', 'lead'],
  ['introduction', 'lead'],
  ['caption', 'caption'],
  ['legend', 'caption'],
  ['abstract', 'abstract'],
  ['summary', 'abstract'],
  ['synopsis', 'abstract'],
  ['teaser', 'abstract'],
  ['note', 'note'],
  ['ednote', 'note'],
  ['editorialnote', 'note'],
  ['advisory', 'note'],
  ['instruction', 'note'],
])

export const textRole = (role: string): TextRole => roles.get(role) ?? 'text'
