import { languageTag } from '../syndication/language-tag.ts'
import { attribute, child, children, type XmlElement } from '../xml/xml-tree.ts'
import { textOfConstruct } from './text-construct.ts'

/** What a feed says of the entries that do not say it themselves (RFC 4287, 4.2.1 and 4.2.10). */
export interface Inherited {
  readonly names: readonly string[]
  readonly rights: string | undefined
  readonly language: string | undefined
  readonly base: string | undefined
}

export function inheritedOf(holder: XmlElement): Inherited {
  return {
    names: authorsOf(holder),
    rights: textOfConstruct(child(holder, 'rights')),
    language: languageTag(attribute(holder, 'xml:lang')),
    base: attribute(holder, 'xml:base'),
  }
}

export const authorsOf = (holder: XmlElement): string[] =>
  children(holder, 'author').flatMap((author) => textOfConstruct(child(author, 'name')) ?? [])
