import type { Roled } from '@dateline/story'
import { addConcept } from '../add-concept.ts'
import { leavePath } from '../unmapped.ts'
import { attribute, child, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { leave, putOnce, type Reading } from './reading.ts'

const mostLines = 200
/** Lines that tell editors something, by their type in lower case. */
const advisories = new Set(['advisoryline', 'advisory', 'productline', 'editorsnote', 'ednote', 'noteline', 'note'])
/** Several agencies in one line: "BELGA/AFP". */
const agencies = /^\p{Lu}{2,12}(?:\/\p{Lu}{2,12}){1,5}$/u

/** NewsLines: what is printed around a text. A component within another has spoken before it, so what is set stands. */
export function putNewsLines(lines: XmlElement, reading: Reading): void {
  const { story, keywords } = reading
  const headlines: Roled[] = []
  for (const element of elements(lines).slice(0, mostLines)) {
    const text = lineOf(element)
    if (text === undefined) continue
    switch (element.name) {
      case 'HeadLine':
        if (headlines.every(({ role }) => role !== undefined)) headlines.unshift({ value: text })
        else headlines.push({ role: 'subHeadline', value: text })
        break
      case 'SubHeadLine':
        headlines.push({ role: 'subHeadline', value: text })
        break
      case 'ByLine': {
        const title = lineOf(child(lines, 'ByLineTitle'))
        putOnce(reading, 'by', title === undefined ? text : `${text}, ${title}`)
        break
      }
      case 'DateLine':
        putOnce(reading, 'dateline', text.replace(/\s?[-–—=_]$/, ''))
        break
      case 'CreditLine':
        for (const name of creditsIn(text)) addConcept(reading, 'infoSources', { name })
        break
      case 'CopyrightLine':
        putOnce(reading, 'copyrightNotice', text)
        break
      case 'RightsLine':
        story.usageTerms ??= text
        break
      case 'SlugLine':
        putOnce(reading, 'slugline', text)
        break
      case 'KeywordLine':
        keywords.push(text)
        break
      case 'NewsLine':
        putNewsLine(element, reading)
        break
      case 'ByLineTitle':
        break
      default:
        leave(reading, 'NewsLines', element)
    }
  }
  if (story.headlines === undefined && headlines.length > 0) story.headlines = headlines
}

export const creditsIn = (text: string): string[] => (agencies.test(text) ? text.split('/') : [text])

/** A line of a type that the standard has no element for. */
function putNewsLine(element: XmlElement, reading: Reading): void {
  const type = child(element, 'NewsLineType')
  const name = type === undefined ? 'NewsLine' : (attribute(type, 'FormalName') ?? 'NewsLine')
  for (const line of elements(element)) {
    const text = line.name === 'NewsLineText' ? lineOf(line) : undefined
    if (text === undefined) continue
    if (advisories.has(name.toLowerCase())) reading.edNotes.push(text)
    else if (name.toLowerCase() === 'catchword') putOnce(reading, 'slugline', text)
    else leavePath(reading, `NewsLines/${name}`)
  }
}
