import { reject } from '@dateline/story'
import type { XmlElement, XmlNode } from './xml-tree.ts'

export type Refusal = ReturnType<typeof reject>

export interface TreeBuilder {
  /** The tree; null before there is an element. */
  root(): XmlElement | null
  /** `attributes`: name and value by turns. `at`: where its tag begins. Answers why the document is read no further, or null. */
  open(qualifiedName: string, attributes: readonly string[], at: number): Refusal | null
  text(data: string): void
  /** `at`: behind its tag. */
  close(at: number): void
}

const maxDepth = 200
const maxElements = 300_000
const maxAttributes = 1_000_000
const maxDeclarations = 256
const colonCode = 58
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

interface Open {
  readonly element: XmlElement & { end: number; readonly children: XmlNode[] }
  readonly declarations: Declaration | null
  readonly outer: Open | null
  readonly depth: number
}

/** Prefixes in scope, the innermost first. */
interface Declaration {
  readonly prefix: string
  readonly uri: string
  readonly outer: Declaration | null
  readonly count: number
}

/**
 * Builds the tree and resolves namespaces (Namespaces in XML 1.0). Refuses nesting deeper than 200 and documents of more than 300,000
 * elements or a million attributes.
 */
export function treeBuilder(): TreeBuilder {
  let top: Open | null = null
  let root: XmlElement | null = null
  let refusal: Refusal | null = null
  let elements = 0
  let attributeCount = 0

  /** Checks prefixes and adds what the attributes declare. The default namespace is declared under the prefix ''. */
  function declare(attributes: readonly string[], outer: Declaration | null): Declaration | null {
    let declarations = outer
    let hasPrefixes = false
    for (let at = 0; at < attributes.length; at += 2) {
      const name = attributes[at] ?? ''
      if (name.startsWith('xmlns')) {
        if (name.length > 5 && name.charCodeAt(5) !== colonCode) continue
        const uri = attributes[at + 1]?.trim() ?? ''
        const prefix = name.slice(6)
        if (uri === '' && prefix !== '') refuse(reject('malformed', `${name} without a namespace`))
        declarations = { prefix, uri, outer: declarations, count: (declarations?.count ?? 0) + 1 }
        if (declarations.count > maxDeclarations) refuse(reject('too-complex', 'too many namespaces'))
      } else if (name.includes(':')) hasPrefixes = true
    }
    if (hasPrefixes) checkPrefixes(attributes, declarations)
    return declarations
  }

  function checkPrefixes(attributes: readonly string[], declarations: Declaration | null): void {
    for (let at = 0; at < attributes.length; at += 2) {
      const name = attributes[at] ?? ''
      const colon = name.indexOf(':')
      if (colon < 0 || name.startsWith('xml:') || name.startsWith('xmlns:')) continue
      if (namespaceOf(name.slice(0, colon), declarations) === undefined || !isQualified(name, colon))
        refuse(reject('malformed', `attribute ${name}: unknown prefix`))
    }
  }

  function refuse(fault: Refusal): void {
    refusal ??= fault
  }

  return {
    root: () => root,

    open(qualifiedName, attributes, at) {
      const parent = top
      const outer = parent === null ? null : parent.declarations
      const declarations = attributes.length === 0 ? outer : declare(attributes, outer)
      const colon = qualifiedName.indexOf(':')
      const namespace = namespaceOf(colon < 0 ? '' : qualifiedName.slice(0, colon), declarations)
      if (namespace === undefined || (colon >= 0 && !isQualified(qualifiedName, colon)))
        refuse(reject('malformed', `element ${qualifiedName}: unknown prefix`))
      const element = {
        name: colon < 0 ? qualifiedName : qualifiedName.slice(colon + 1),
        namespace: namespace ?? '',
        attributes,
        children: [],
        start: at,
        end: at,
      }
      if (parent === null) root = element
      else parent.element.children.push(element)
      top = { element, declarations, outer: parent, depth: parent === null ? 1 : parent.depth + 1 }
      elements++
      attributeCount += attributes.length / 2
      if (top.depth > maxDepth) refuse(reject('too-deep', `nested deeper than ${maxDepth}`))
      if (elements > maxElements) refuse(reject('too-complex', `more than ${maxElements} elements`))
      if (attributeCount > maxAttributes) refuse(reject('too-complex', `more than ${maxAttributes} attributes`))
      return refusal
    },

    text(data) {
      if (top === null) return
      const { children } = top.element
      const last = children.length - 1
      const before = children[last]
      if (typeof before === 'string') children[last] = before + data
      else children.push(data)
    },

    close(at) {
      if (top === null) return
      top.element.end = at
      top = top.outer
    },
  }
}

function namespaceOf(prefix: string, declarations: Declaration | null): string | undefined {
  for (let each = declarations; each !== null; each = each.outer) if (each.prefix === prefix) return each.uri
  if (prefix === '') return ''
  return prefix === 'xml' ? xmlNamespace : undefined
}

const isQualified = (name: string, colon: number): boolean =>
  colon > 0 && colon < name.length - 1 && name.indexOf(':', colon + 1) < 0
