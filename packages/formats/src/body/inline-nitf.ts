import type { Story } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import type { XmlElement } from '../xml/xml-tree.ts'
import type { CleanBody } from './body-writer.ts'
import { readNitfBody } from './nitf-body.ts'

/** An NITF document within an item: its body, its notes, and from its body.head what the item does not say. */
export function putInlineNitf(nitf: XmlElement, story: Draft<Story>): CleanBody {
  const read = readNitfBody(nitf)
  const headline = read.headlines.find(({ role }) => role === undefined)
  if (story.headlines === undefined && headline !== undefined) story.headlines = [headline]
  if (story.by === undefined) put(story, 'by', read.by)
  if (story.dateline === undefined) put(story, 'dateline', read.dateline)
  if (story.descriptions === undefined && read.abstract !== undefined)
    story.descriptions = [{ role: 'abstract', value: read.abstract }]
  if (story.copyrightNotice === undefined) put(story, 'copyrightNotice', read.copyright)
  put(story, 'edNotes', [...new Set([...(story.edNotes ?? []), ...read.edNotes])])
  return read.body
}
