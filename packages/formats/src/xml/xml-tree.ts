/** An element of a document that is well formed, with its namespace resolved. */
export interface XmlElement {
  /** Local name. */
  readonly name: string
  /** URI; '' for none. */
  readonly namespace: string
  /** Name as written ("guid", "xml:lang") and value by turns. */
  readonly attributes: readonly string[]
  /** Elements and text in the order of the document. */
  readonly children: readonly XmlNode[]
  /** Where it begins and ends in the document's text, tags included. */
  readonly start: number
  readonly end: number
}

export type XmlNode = XmlElement | string

export interface XmlDocument {
  readonly root: XmlElement
  /** With line feeds alone; `start` and `end` count in it. */
  readonly text: string
}

/** The attribute; undefined where it is absent or blank. */
export function attribute(element: XmlElement, name: string): string | undefined {
  const { attributes } = element
  for (let at = 0; at < attributes.length; at += 2) {
    if (attributes[at] !== name) continue
    const value = attributes[at + 1]?.trim()
    return value === '' ? undefined : value
  }
  return undefined
}

/** The first child of that name in the element's own namespace. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  for (const node of element.children) {
    if (typeof node !== 'string' && node.name === name && node.namespace === element.namespace) return node
  }
  return undefined
}

/** The children of that name in the element's own namespace. */
export const children = (element: XmlElement, name: string): XmlElement[] =>
  elements(element).filter((node) => node.name === name && node.namespace === element.namespace)

/** All element children, of any name and namespace. */
export const elements = (element: XmlElement): XmlElement[] =>
  element.children.filter((node) => typeof node !== 'string')

/** All text below the element, as it stands. */
export function rawText(element: XmlElement): string {
  const { children } = element
  if (children.length === 1 && typeof children[0] === 'string') return children[0]
  let text = ''
  for (const node of children) text += typeof node === 'string' ? node : rawText(node)
  return text
}

/** All text below the element on one line; undefined where there is none. */
export function lineOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined
  const text = rawText(element).trim()
  if (text === '') return undefined
  return /\s\s|[\t\n]/.test(text) ? text.replace(/\s+/g, ' ') : text
}
