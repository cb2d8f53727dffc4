import { attribute, child, children, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

const corrections = new Set([
  'dpaednoterole:correction',
  'dpaednoterole:correctionshort',
  'dpaednoterole:correction_consumerready',
])

/** dpa says that a version corrects another by the role of a note to editors. */
export function dpa(item: XmlElement, { story }: Reading): void {
  const meta = child(item, 'itemMeta')
  if (meta === undefined) return
  if (children(meta, 'edNote').some((note) => corrections.has(attribute(note, 'role') ?? '')))
    story.change = 'correction'
}
