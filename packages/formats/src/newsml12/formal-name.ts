import { attribute, lineOf, type XmlElement } from '../xml/xml-tree.ts'

/** The name that an element refers to; TASS writes it as text: `<Urgency>2</Urgency>`. */
export const formalName = (element: XmlElement | undefined): string | undefined =>
  element === undefined ? undefined : (attribute(element, 'FormalName') ?? lineOf(element))
