import { pass, reject } from '@dateline/story'
import { feedName } from '../syndication/feed-namespaces.ts'
import { readEntries } from '../syndication/read-entries.ts'
import { rootTag } from '../syndication/root-tag.ts'
import type { WireFormat } from '../wire-format.ts'
import { parseXml } from '../xml/parse-xml.ts'
import { elements } from '../xml/xml-tree.ts'
import { atomEntry } from './atom-entry.ts'
import { deletedEntry } from './deleted-entry.ts'
import { inheritedOf } from './inherited.ts'

const namespace = 'http://www.w3.org/2005/Atom'

/**
 * Atom 1.0 (RFC 4287): a feed, whose entries are stories, or one entry alone. A deleted-entry (RFC 6721) takes its story back.
 */
export const atom: WireFormat = {
  name: 'atom',

  recognises({ text }) {
    const tag = rootTag(text)
    return tag !== null && /^<(?:[\w.-]{1,40}:)?(?:feed|entry)\s/.test(tag) && tag.includes(namespace)
  },

  parse(message, context) {
    const document = parseXml(message.text)
    if (document.kind !== 'pass') return document
    const { root, text } = document.value
    if (root.namespace !== namespace || (root.name !== 'feed' && root.name !== 'entry'))
      return reject('unknown-format', `the root is ${root.name} of namespace ${JSON.stringify(root.namespace)}`)
    const surroundings = { inherited: inheritedOf(root), text, context }
    if (root.name === 'entry') return pass([atomEntry(root, surroundings)])
    const entries = elements(root).filter((element) => entryNames.has(feedName(element, namespace)))
    return readEntries(entries, (entry) =>
      entry.name === 'entry' ? atomEntry(entry, surroundings) : deletedEntry(entry, surroundings),
    )
  },
}

const entryNames: ReadonlySet<string> = new Set(['entry', 'at:deleted-entry'])
