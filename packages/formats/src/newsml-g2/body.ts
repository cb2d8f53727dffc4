import { bodyElement } from '../body/body-elements.ts'
import { type BodyWriter, bodyWriter, type CleanBody } from '../body/body-writer.ts'
import { attribute, type XmlElement } from '../xml/xml-tree.ts'

const none = {}

/** Whether an element, by local name, is mark-up of text (XHTML or NITF; STT sends XHTML without its namespace). */
export const isTextElement = (name: string): boolean => bodyElement(name.toLowerCase()) !== undefined

/** The content of elements of XHTML or NITF, one after the other, as a clean body. */
export function writeBody(elements: readonly XmlElement[]): CleanBody {
  const writer = bodyWriter()
  for (const element of elements) writeChildren(element, writer)
  return writer.end()
}

function writeChildren(element: XmlElement, writer: BodyWriter): void {
  for (const node of element.children) {
    if (typeof node === 'string') writer.text(node)
    else {
      const name = node.name.toLowerCase()
      writer.open(name, node.attributes.length === 0 ? none : attributesOf(name, node))
      writeChildren(node, writer)
      writer.close(name)
    }
  }
}

function attributesOf(name: string, element: XmlElement): Readonly<Record<string, string>> {
  if (name === 'a') return { href: attribute(element, 'href') ?? '' }
  if (name !== 'td' && name !== 'th') return none
  return { colspan: attribute(element, 'colspan') ?? '', rowspan: attribute(element, 'rowspan') ?? '' }
}
