import type { XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

/** "urn:newsml:afp.com:20260120T091444Z:TX-PAR-BDO05:2" */
const versioned = /^(urn:newsml:afp\.com:[^:]+:[^:]+):(\d{1,9})$/

/** AFP's public identifiers end with the number of the version (seen in its NewsML 1.2): that part is no part of the story's id. */
export function afp(_item: XmlElement, { story }: Reading): void {
  const parts = versioned.exec(story.id ?? '')
  if (parts?.[1] === undefined || parts[2] === undefined) return
  if (story.version !== undefined && story.version !== parts[2]) return
  story.id = parts[1]
  story.version = parts[2]
}
