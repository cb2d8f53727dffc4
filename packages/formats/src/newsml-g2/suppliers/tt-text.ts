import type { Association } from '@dateline/story'
import type { CleanBody } from '../../body/body-writer.ts'
import { printedLine } from '../../body/printed-line.ts'
import { writeBody } from '../../body/write-body.ts'
import { put } from '../../json/json-values.ts'
import { elements, type XmlElement, type XmlNode } from '../../xml/xml-tree.ts'
import { append, type Reading } from '../reading.ts'

/** TT's own mark-up of texts, `application/ttnitf+xml`, in XHTML's terms. A line of talk is a quote with who says it. */
const names: ReadonlyMap<string, string> = new Map([
  ['RUBRIK', 'h2'],
  ['MELLIS', 'h3'],
  ['CITAT', 'blockquote'],
  ['FRAGA', 'p'],
  ['SVAR', 'p'],
  ['TABELL', 'table'],
  ['TEXT', 'div'],
  ['INGRESS', 'div'],
  ['BRODTEXT', 'div'],
  ['FAKTATEXT', 'div'],
  ['BAKGRUNDTEXT', 'div'],
])

/** Its text as a body; place, byline and pictures go where the story has them. */
export function ttText(content: XmlElement, reading: Reading): CleanBody {
  const headlines = new Set(reading.story.headlines?.map(({ value }) => value))
  return writeBody([asXhtml(content, (element) => isTaken(element, headlines, reading))])
}

function asXhtml(element: XmlElement, isOut: (element: XmlElement) => boolean): XmlElement {
  const children = element.children.flatMap((node): XmlNode[] => {
    if (typeof node === 'string') return [node]
    return isOut(node) ? [] : [asXhtml(node, isOut)]
  })
  return { ...element, name: names.get(element.name) ?? element.name, children }
}

function isTaken(element: XmlElement, headlines: ReadonlySet<string>, reading: Reading): boolean {
  const { story } = reading
  switch (element.name) {
    case 'RUBRIK':
      return headlines.has(printedLine(element) ?? '')
    case 'DAT': {
      const parts = elements(element).flatMap((part) => printedLine(part) ?? [])
      if (story.dateline === undefined) put(story, 'dateline', parts.length === 0 ? undefined : parts.join(' / '))
      return true
    }
    case 'BYLINE': {
      const line = printedLine(element)
      if (story.by === undefined) put(story, 'by', line)
      return story.by === line || line === undefined
    }
    case 'BILD':
      putPicture(element, reading)
      return true
    default:
      return false
  }
}

function putPicture(element: XmlElement, reading: Reading): void {
  const part = (name: string): string | undefined => printedLine(elements(element).find((each) => each.name === name))
  const href = part('BILDFIL')
  if (href === undefined) return
  const caption = part('BILDTEXT')
  const by = part('BILDSKAPARE')
  const association: Association = {
    name: `picture-${(reading.story.associations?.length ?? 0) + 1}`,
    uri: href,
    type: 'picture',
    ...(caption === undefined ? {} : { caption }),
    ...(by === undefined ? {} : { by }),
    renditions: [{ name: 'main', href }],
  }
  append(reading, 'associations', association)
}
