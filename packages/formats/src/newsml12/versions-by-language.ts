import { attribute, children, elements, type XmlElement } from '../xml/xml-tree.ts'
import { languageIn } from './descriptive-metadata.ts'
import { holdingOf, type Survey } from './survey.ts'

/** One text of an item, where it holds its text in several languages. */
export interface LanguageVersion {
  /** Undefined where the item has one text, whatever its language. */
  readonly language: string | undefined
  /** Texts of the other languages. */
  readonly others: ReadonlySet<XmlElement>
  /** The item's own: it goes by the item's id. */
  readonly isFirst: boolean
}

const whole: LanguageVersion = { language: undefined, others: new Set(), isFirst: true }
const mostLanguages = 20

/**
 * Belga sends a text in Dutch and its counterpart in French as two components of one item, each with all that belongs to it (seen
 * 2019). The item's own language comes first, that of its outer component or else of its first text.
 */
export function versionsByLanguage(item: XmlElement, survey: Survey): readonly [LanguageVersion, ...LanguageVersion[]] {
  const [outer, ...rest] = children(item, 'NewsComponent')
  if (outer === undefined || rest.length > 0) return [whole]
  const byLanguage = new Map<string, XmlElement[]>()
  for (const component of elements(outer)) {
    const language = languageIn(attribute(component, 'xml:lang'))
    if (component.name !== 'NewsComponent' || language === undefined || !holdingOf(survey, component).hasText) continue
    const known = byLanguage.get(language)
    if (known === undefined) byLanguage.set(language, [component])
    else known.push(component)
  }
  const [first] = byLanguage.keys()
  if (first === undefined || byLanguage.size < 2 || byLanguage.size > mostLanguages) return [whole]
  const own = languageIn(attribute(outer, 'xml:lang'))
  const main = own !== undefined && byLanguage.has(own) ? own : first
  const versionIn = (language: string): LanguageVersion => ({
    language,
    others: new Set([...byLanguage].flatMap(([other, components]) => (other === language ? [] : components))),
    isFirst: language === main,
  })
  return [versionIn(main), ...[...byLanguage.keys()].filter((language) => language !== main).map(versionIn)]
}
