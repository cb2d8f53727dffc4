import { feedName } from '../syndication/feed-namespaces.ts'
import { languageTag } from '../syndication/language-tag.ts'
import { attribute, elements, lineOf, type XmlElement } from '../xml/xml-tree.ts'

/** What a channel says of all its items. */
export interface Channel {
  readonly language?: string
  readonly copyright?: string
  readonly publisher?: string
  readonly base?: string
}

export function channelOf(channel: XmlElement): Channel {
  const lines = new Map<string, string>()
  for (const element of elements(channel)) {
    const name = feedName(element, channel.namespace)
    const line = name === 'item' ? undefined : lineOf(element)
    if (line !== undefined && !lines.has(name)) lines.set(name, line)
  }
  const language = languageTag(lines.get('language') ?? lines.get('dc:language'))
  const copyright = lines.get('copyright') ?? lines.get('dc:rights')
  const publisher = lines.get('dc:publisher')
  const base = attribute(channel, 'xml:base') ?? lines.get('link')
  return {
    ...(language === undefined ? {} : { language }),
    ...(copyright === undefined ? {} : { copyright }),
    ...(publisher === undefined ? {} : { publisher }),
    ...(base === undefined ? {} : { base }),
  }
}
