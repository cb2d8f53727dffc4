import type { XmlElement } from '../xml/xml-tree.ts'
import { printable } from './body-text.ts'

/** What parts an element of NITF from the text before it, where the mark-up stands for the separator. */
const separators: ReadonlyMap<string, string> = new Map([
  ['br', ' '],
  ['p', ' '],
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
}

/** A headline, byline or place of NITF as it is printed on one line; undefined where there is nothing. `isLeftOut` judges the elements in it. */
export function nitfLine(
  element: XmlElement | undefined,
  isLeftOut: (element: XmlElement) => boolean = () => false,
): string | undefined {
  if (element === undefined) return undefined
  const line: Line = { text: '', last: '', isSpaced: true }
  addText(element, line, isLeftOut)
  const text = printable(line.text).replace(/\s+/g, ' ').replaceAll(' ,', ',').trim()
  return text === '' ? undefined : text
}

function addText(element: XmlElement, line: Line, isLeftOut: (element: XmlElement) => boolean): void {
  for (const node of element.children) {
    if (typeof node === 'string') add(line, node)
    else if (!isLeftOut(node)) {
      part(line, separators.get(node.name))
      addText(node, line, isLeftOut)
    }
  }
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
  if (separator === ', ' && line.last !== ',') add(line, separator)
  else if (!line.isSpaced) add(line, ' ')
}
