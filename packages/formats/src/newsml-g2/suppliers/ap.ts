import type { Story } from '@dateline/story'
import { child, children, lineOf, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

/** AP's editorial types that recall, which its items carry as names of roles. */
const recalls: ReadonlyMap<string, NonNullable<Story['pubStatus']>> = new Map([
  ['kill', 'canceled'],
  ['elimination', 'canceled'],
  ['withhold', 'withheld'],
])

/** AP warns not to go by the status alone: an item that is usable may be a kill by its editorial type (AP Media API 2.2, metadata mapping). */
export function ap(item: XmlElement, { story, unmapped }: Reading): void {
  if (!story.id?.startsWith('tag:ap.org,')) return
  const meta = child(item, 'itemMeta')
  const types = meta === undefined ? [] : children(meta, 'role').flatMap((role) => lineOf(child(role, 'name')) ?? [])
  for (const type of types) {
    const status = recalls.get(type.toLowerCase())
    if (status !== undefined && (story.pubStatus ?? 'usable') === 'usable') story.pubStatus = status
    if (/^correct(?:ion|ive)$/i.test(type)) story.change = 'correction'
  }
  if (types.some((type) => recalls.has(type.toLowerCase()))) unmapped.delete('itemMeta/role')
}
