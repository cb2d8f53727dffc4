import { cleanHtml } from '../clean-html.ts'
import { textOf } from '../json/json-values.ts'
import type { JsonReading } from '../json/reading.ts'

const mostEmbeds = 10

/** The article, then its box of facts, then its box of links: all three are for readers. dpa's own elements for embeds hold no text. */
export function putDpaBody({ item, story, unmapped }: JsonReading): void {
  const parts = [item.article_html, item.infobox_html, item.linkbox_html].flatMap((part) => textOf(part) ?? [])
  if (parts.length === 0) return
  const html = parts.join('\n')
  const body = cleanHtml(html)
  if (body.text === '') return
  story.bodyHtml = body.html
  story.bodyText = body.text
  for (const [, name = ''] of html.matchAll(/<(dnl-[a-z]{1,30})\b/g)) {
    // Pictures in the text are associations too.
    if (name !== 'dnl-image' && unmapped.size < mostEmbeds) unmapped.add(`article_html/${name}`)
  }
}
