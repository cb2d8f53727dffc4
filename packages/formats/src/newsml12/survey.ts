import { child, elements, type XmlElement } from '../xml/xml-tree.ts'
import { formalName } from './formal-name.ts'
import { isMedia, isMediaRole } from './media.ts'
import { textRole } from './text-part.ts'

/** What lies in a component, at any depth. */
export interface Holding {
  /** A text that stands on its own: no caption, no title. */
  readonly hasText: boolean
  readonly hasMedia: boolean
  readonly hasReferences: boolean
}

export type Survey = ReadonlyMap<XmlElement, Holding>

const nothing: Holding = { hasText: false, hasMedia: false, hasReferences: false }

/** The role of a component in lower case; '' where it says none. */
export const roleOf = (component: XmlElement): string => formalName(child(component, 'Role'))?.toLowerCase() ?? ''

export const holdingOf = (survey: Survey, component: XmlElement): Holding => survey.get(component) ?? nothing

/** A picture, sound or film with what is said of it. */
export const isMediaComponent = (survey: Survey, component: XmlElement): boolean => {
  const { hasText, hasMedia } = holdingOf(survey, component)
  return hasMedia && !hasText
}

/** Looks at every component of an item once. */
export function surveyOf(item: XmlElement): Survey {
  const survey = new Map<XmlElement, Holding>()
  for (const component of elements(item)) if (component.name === 'NewsComponent') look(component, '', survey)
  return survey
}

function look(component: XmlElement, outerRole: string, survey: Map<XmlElement, Holding>): Holding {
  const own = roleOf(component)
  const role = own === '' || isMediaRole(outerRole) ? outerRole : own
  let { hasText, hasMedia, hasReferences } = nothing
  for (const element of elements(component)) {
    if (element.name === 'ContentItem') {
      if (isMedia(element)) hasMedia = true
      else if (!isMediaRole(role) && isOwnText(role)) hasText = true
    } else if (element.name === 'NewsItemRef') hasReferences = true
    else if (element.name === 'NewsComponent') {
      const inner = look(element, role, survey)
      hasText ||= inner.hasText
      hasMedia ||= inner.hasMedia
      hasReferences ||= inner.hasReferences
    }
  }
  const holding = { hasText, hasMedia, hasReferences }
  survey.set(component, holding)
  return holding
}

const isOwnText = (role: string): boolean => {
  const kind = textRole(role)
  return kind === 'text' || kind === 'lead' || kind === 'abstract'
}
