import { type Concept, isUri } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import { attribute, children, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import type { Reading } from './reading.ts'

/** The code of a property, without alias or vocabulary: "usable" of `stat:usable`, of its URI, or of a literal. */
export const codeOf = (element: XmlElement): string | undefined =>
  codeIn(attribute(element, 'qcode') ?? attribute(element, 'uri') ?? attribute(element, 'literal'))

/** The code of the role, relation or type that an attribute gives as qcode, or as URI in its sibling: "role" and "roleuri". */
export const codeIn = (value: string | undefined): string | undefined => {
  if (value === undefined) return undefined
  if (/^[a-z]+:\/\//i.test(value)) return value.slice(Math.max(value.lastIndexOf('/'), value.lastIndexOf('#')) + 1)
  const code = value.slice(value.indexOf(':') + 1)
  return code === '' ? undefined : code
}

export const roleOf = (element: XmlElement): string | undefined =>
  codeIn(attribute(element, 'role') ?? attribute(element, 'roleuri'))

/** A concept as subject, source, genre …; null when nothing identifies it. A code without a known vocabulary may have a URI by what it is the same as. */
export function conceptOf(element: XmlElement, reading: Reading): Draft<Concept> | null {
  const concept: Draft<Concept> = {}
  const qcode = attribute(element, 'qcode')
  const uri = attribute(element, 'uri') ?? (qcode === undefined ? undefined : reading.vocabulary(qcode))
  const literal = qcode ?? attribute(element, 'literal')
  put(concept, 'name', nameOf(element, reading))
  if (uri !== undefined && isUri(uri)) concept.uri = uri
  else {
    put(concept, 'literal', literal ?? uri)
    put(concept, 'uri', sameAs(element, reading))
  }
  return concept.name === undefined && concept.uri === undefined && concept.literal === undefined ? null : concept
}

/** dpa says of its own codes which of a public vocabulary they are. */
function sameAs(element: XmlElement, { vocabulary }: Reading): string | undefined {
  if (element.children.length === 0) return undefined
  for (const same of children(element, 'sameAs')) {
    const qcode = attribute(same, 'qcode')
    const uri = attribute(same, 'uri') ?? (qcode === undefined ? undefined : vocabulary(qcode))
    if (uri !== undefined && isUri(uri)) return uri
  }
  return undefined
}

/** Its name in the language of the item where it has several, else the first; else what the item asserts of its code. */
export function nameOf(element: XmlElement, { story, assertedNames }: Reading): string | undefined {
  const names = children(element, 'name')
  const own =
    names.length > 1 ? names.find((name) => isSameLanguage(attribute(name, 'xml:lang'), story.language)) : undefined
  const written = lineOf(own ?? names[0])
  if (written !== undefined || assertedNames.size === 0) return written
  return assertedNames.get(
    attribute(element, 'qcode') ?? attribute(element, 'uri') ?? attribute(element, 'literal') ?? '',
  )
}

/** Whether two tags have one language, whatever their country; false where either is absent. */
export const isSameLanguage = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.split('-')[0]?.toLowerCase() === b.split('-')[0]?.toLowerCase()

/** What `assert` says of codes that are used elsewhere: AP sends the names of people and places only there. */
export function assertedNamesIn(item: XmlElement): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const assertion of children(item, 'assert')) {
    const key = attribute(assertion, 'qcode') ?? attribute(assertion, 'uri') ?? attribute(assertion, 'literal')
    const name = lineOf(children(assertion, 'name')[0])
    if (key !== undefined && name !== undefined && !names.has(key)) names.set(key, name)
  }
  return names
}
