import type { Story } from '@dateline/story'
import type { Draft } from '../../json/json-values.ts'

/** Keystone-ATS's service in French; its desks, "gef" and "etf", stand where the standard has the agency (seen 2017 to 2019). */
const services: ReadonlySet<string> = new Set(['bsf'])

/** A desk is no credit: readers find the agency in the dateline. */
export function ats(service: string, story: Draft<Story>): void {
  const [desk] = story.infoSources ?? []
  if (!services.has(service) || desk?.literal === undefined) return
  story.subjects = [...(story.subjects ?? []), { literal: desk.literal, rel: 'desk' }]
  delete story.infoSources
}
