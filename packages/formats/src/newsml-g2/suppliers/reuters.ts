import { attribute, child, elements, type XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

/** "tag:reuters.com,0000:newsml_L1N14N0FF:978556838" */
const versioned = /^(tag:reuters\.com,[^:]+:[^:]+):(\d+)$/

/**
 * Reuters gives the version only in an extension element, and what is done to the story in signals of its own: `edStat:C` corrects it,
 * `edStat:D` kills it (both seen in Reuters fixtures of 2016).
 */
export function reuters(item: XmlElement, { story, unmapped }: Reading): void {
  if (
    story.id !== undefined &&
    !story.id.startsWith('tag:reuters.com,') &&
    !story.id.startsWith('urn:newsml:reuters.com:')
  )
    return
  const parts = versioned.exec(versionedIdOf(item) ?? story.id ?? '')
  if (parts?.[1] !== undefined && parts[2] !== undefined) {
    if (story.id === undefined || versioned.test(story.id)) story.id = parts[1]
    story.version ??= parts[2]
    unmapped.delete('itemMeta/versionedId')
    unmapped.delete('versionedId')
  }
  if (story.signals?.includes('edStat:C')) story.change = 'correction'
  if (story.signals?.includes('edStat:D')) story.pubStatus = 'canceled'
}

function versionedIdOf(item: XmlElement): string | undefined {
  const meta = child(item, 'itemMeta')
  const holders = meta === undefined ? elements(item) : [...elements(meta), ...elements(item)]
  const found = holders.find(({ name }) => name === 'versionedId')
  return found === undefined ? undefined : attribute(found, 'guid')
}
