import { cleanHtml } from '../clean-html.ts'
import type { CleanBody } from './body-writer.ts'

/** What is for readers, and the paragraphs that are for editors. */
export interface SplitBody {
  readonly body: CleanBody
  readonly notes: readonly string[]
}

interface Paragraph {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * Takes the paragraphs that `isNote` knows out of a clean body. It is given each paragraph's text, from the last to the first, and whether
 * nothing but notes comes after it.
 */
export function splitNotes(body: CleanBody, isNote: (text: string, isLast: boolean) => boolean): SplitBody {
  const { html } = body
  const notes: string[] = []
  const kept: string[] = []
  let isLast = true
  let keptFrom = html.length
  for (const { start, end, text } of paragraphsOf(html).reverse()) {
    isLast &&= end === keptFrom
    if (isNote(text, isLast)) {
      notes.push(text)
      kept.push(html.slice(end, keptFrom))
      keptFrom = start
    }
  }
  if (notes.length === 0) return { body, notes }
  kept.push(html.slice(0, keptFrom))
  return { body: cleanHtml(kept.reverse().join('')), notes: notes.reverse() }
}

function paragraphsOf(html: string): Paragraph[] {
  const paragraphs: Paragraph[] = []
  let end = 0
  for (;;) {
    const start = html.indexOf('<p>', end)
    const close = start < 0 ? -1 : html.indexOf('</p>', start)
    if (close < 0) return paragraphs
    end = close + 4
    paragraphs.push({ start, end, text: cleanHtml(html.slice(start, end)).text })
  }
}
