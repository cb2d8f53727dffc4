import type { CleanBody } from '../body/body-writer.ts'
import { put } from '../json/json-values.ts'
import { child, lineOf, type XmlElement } from '../xml/xml-tree.ts'
import { writeBody } from './body.ts'
import type { Reading } from './reading.ts'

/** An inline NITF document: its body, and from its body.head what contentMeta does not say. */
export function putNitf(nitf: XmlElement, { story }: Reading): CleanBody {
  const body = child(nitf, 'body')
  if (body === undefined) return writeBody([nitf])
  const head = child(body, 'body.head')
  if (head !== undefined) {
    const hedline = child(head, 'hedline')
    const headline = hedline === undefined ? undefined : lineOf(child(hedline, 'hl1'))
    const abstract = lineOf(child(head, 'abstract'))
    if (story.headlines === undefined && headline !== undefined) story.headlines = [{ value: headline }]
    if (story.by === undefined) put(story, 'by', lineOf(child(head, 'byline')))
    if (story.dateline === undefined) put(story, 'dateline', lineOf(child(head, 'dateline')))
    if (story.descriptions === undefined && abstract !== undefined)
      story.descriptions = [{ role: 'abstract', value: abstract }]
  }
  const content = child(body, 'body.content')
  const end = child(body, 'body.end')
  if (content === undefined) return head === undefined ? writeBody([body]) : { html: '', text: '' }
  return writeBody(end === undefined ? [content] : [content, end])
}
