import { attribute, child, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { dayOf, readNewsmlUrn, storyUrn } from './newsml-urn.ts'

/** What Identification says of an item. */
export interface Identification {
  /** '' where there is none. */
  readonly provider: string
  readonly day?: string | undefined
  readonly newsItemId?: string | undefined
  readonly id?: string | undefined
  readonly version?: string | undefined
  readonly publicIdentifier?: string | undefined
  /** N: the item is whole; U: instructions that change an earlier revision; A: its management alone. */
  readonly update: string
  readonly label?: string | undefined
}

/** ProviderId, DateId and NewsItemId together name the item in all its revisions; a PublicIdentifier of that form does so too. */
export function readIdentification(item: XmlElement): Identification {
  const identification = child(item, 'Identification')
  const identifier = identification === undefined ? undefined : child(identification, 'NewsIdentifier')
  if (identification === undefined || identifier === undefined) return { provider: '', update: 'N' }
  const textOf = (name: string): string | undefined => lineOf(child(identifier, name))
  const revisionId = child(identifier, 'RevisionId')
  const publicIdentifier = textOf('PublicIdentifier')
  const named = publicIdentifier === undefined ? null : readNewsmlUrn(publicIdentifier)
  const provider = textOf('ProviderId') ?? named?.provider
  const day = dayOf(textOf('DateId')) ?? named?.day
  const newsItemId = textOf('NewsItemId') ?? named?.item
  const isNamed = provider !== undefined && day !== undefined && newsItemId !== undefined
  return {
    provider: provider ?? '',
    day,
    newsItemId,
    id: isNamed ? storyUrn({ provider, day, item: newsItemId }) : undefined,
    version: lineOf(revisionId) ?? named?.revision,
    publicIdentifier,
    update: (revisionId === undefined ? undefined : attribute(revisionId, 'Update'))?.toUpperCase() ?? 'N',
    label: lineOf(child(identification, 'NameLabel')),
  }
}
