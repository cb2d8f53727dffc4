import { lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { bodyElement } from './body-elements.ts'
import { printable } from './body-text.ts'

/** What parts an element of NITF from the text before it, where the mark-up stands for the separator. */
const separators: ReadonlyMap<string, string> = new Map([
  ['story.date', ' '],
  ['person', ' '],
  ['name.family', ' '],
  ['function', ' '],
  ['byttl', ', '],
  ['city', ', '],
  ['state', ', '],
  ['region', ', '],
  ['country', ', '],
])

interface Line {
  text: string
  /** The last character that is no space; '' at the start. */
  last: string
  isSpaced: boolean
  /** A comma was put behind a space. */
  isLoose: boolean
}

/**
 * A headline, byline, place or note, with whatever mark-up of NITF or XHTML is in it, as it is printed on one line: blocks and line breaks
 * are parted by a space. undefined where there is nothing. `isLeftOut` judges the elements in it.
 */
export function printedLine(
  element: XmlElement | undefined,
  isLeftOut: (element: XmlElement) => boolean = () => false,
): string | undefined {
  if (element === undefined) return undefined
  if (element.children.length < 2 && typeof element.children[0] !== 'object') return lineOf(element)
  const line: Line = { text: '', last: '', isSpaced: true, isLoose: false }
  addText(element, line, isLeftOut)
  const text = printable(line.text).replace(/\s+/g, ' ').trim()
  if (text === '') return undefined
  return line.isLoose ? text.replaceAll(' ,', ',') : text
}

function addText(element: XmlElement, line: Line, isLeftOut: (element: XmlElement) => boolean): void {
  for (const node of element.children) {
    if (typeof node === 'string') add(line, node)
    else if (!isLeftOut(node)) {
      const isBlock = isParted(node.name)
      part(line, separators.get(node.name) ?? (isBlock ? ' ' : undefined))
      addText(node, line, isLeftOut)
      if (isBlock) part(line, ' ')
    }
  }
}

const isParted = (name: string): boolean => {
  const kind = bodyElement(name.toLowerCase())?.kind
  return kind !== undefined && kind !== 'inline' && kind !== 'drop'
}

function add(line: Line, text: string): void {
  if (text === '') return
  line.text += text
  const end = text.trimEnd()
  line.isSpaced = end.length < text.length
  if (end !== '') line.last = end.slice(-1)
}

/** No separator at the start, after a bracket, or where one is written out. */
function part(line: Line, separator: string | undefined): void {
  if (separator === undefined || line.last === '' || '([{«“‘'.includes(line.last)) return
  if (separator === ', ' && line.last !== ',') {
    line.isLoose ||= line.isSpaced
    add(line, separator)
  } else if (!line.isSpaced) add(line, ' ')
}
