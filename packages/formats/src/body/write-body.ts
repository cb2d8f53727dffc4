import { attribute, type XmlElement, type XmlNode } from '../xml/xml-tree.ts'
import { bodyElement } from './body-elements.ts'
import { type BodyWriter, bodyWriter, type CleanBody } from './body-writer.ts'

const none = {}
/** A fraction has three; what has more is none, and is not searched for one of them again and again. */
const fewParts = 10

/** What a body does with an element: `drop` leaves it out with all that is in it, `space` puts a space in its place. */
export type BodyVerdict = 'keep' | 'drop' | 'space'

const keepAll = (): BodyVerdict => 'keep'

/** Whether an element, by local name, is mark-up of text (XHTML or NITF; STT sends XHTML without its namespace). */
export const isTextElement = (name: string): boolean => bodyElement(name.toLowerCase()) !== undefined

/** The content of elements of XHTML or NITF, one after the other, as a clean body. `judge` sees every element once, parents first. */
export function writeBody(
  elements: readonly XmlElement[],
  judge: (element: XmlElement) => BodyVerdict = keepAll,
): CleanBody {
  const writer = bodyWriter()
  for (const element of elements) writeChildren(element, writer, judge)
  return writer.end()
}

function writeChildren(element: XmlElement, writer: BodyWriter, judge: (element: XmlElement) => BodyVerdict): void {
  let before: XmlNode = ''
  for (const node of element.children) {
    if (typeof node === 'string') writer.text(node)
    else {
      const verdict = judge(node)
      if (verdict === 'space') writer.text(' ')
      if (verdict !== 'keep') continue
      const name = node.name.toLowerCase()
      // NITF leaves it to whoever prints a fraction to part it from a whole number, and to draw its stroke.
      if (name === 'frac' && typeof before === 'string' && /\d$/.test(before)) writer.text(' ')
      if (name === 'denom' && element.children.length < fewParts && !element.children.some(isStroke)) writer.text('/')
      writer.open(name, node.attributes.length === 0 ? none : attributesOf(name, node))
      writeChildren(node, writer, judge)
      writer.close(name)
    }
    before = node
  }
}

const isStroke = (node: XmlNode): boolean => typeof node !== 'string' && node.name === 'frac-sep'

function attributesOf(name: string, element: XmlElement): Readonly<Record<string, string>> {
  if (name === 'a') return { href: attribute(element, 'href') ?? '' }
  if (name !== 'td' && name !== 'th') return none
  return { colspan: attribute(element, 'colspan') ?? '', rowspan: attribute(element, 'rowspan') ?? '' }
}
