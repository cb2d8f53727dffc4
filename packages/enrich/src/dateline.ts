import type { Story } from '@dateline/story'
import { creditName } from './credit-names.ts'
import type { Enrichment } from './enrichment.ts'
import { firstParagraph, withoutLeadingText } from './paragraphs.ts'
import { parseDateline } from './parse-dateline.ts'

/**
 * Reads the dateline of the first paragraph into `dateline`, `located` and `infoSources`, and takes it out of the body. What a
 * supplier gave in fields of its own stands; its credits follow those printed.
 */
export const dateline: Enrichment = (story, { supplier }) => {
  if (story.bodyText === undefined) return fromField(story)
  const found = parseDateline(firstParagraph(story.bodyText), supplier)
  if (found === null) return fromField(story)
  const bodyText = story.bodyText.slice(found.length).trimStart()
  if (bodyText === '') return story
  const bodyHtml =
    story.bodyHtml === undefined ? undefined : withoutLeadingText(story.bodyHtml, story.bodyText.slice(0, found.length))
  // A body whose HTML begins otherwise than its text keeps its dateline: better twice than cut in the wrong place.
  if (bodyHtml === null) return story
  return {
    ...story,
    bodyText,
    ...(bodyHtml === undefined ? {} : { bodyHtml }),
    dateline: found.printed,
    located: story.located ?? found.located,
    infoSources: [...found.credits.map(creditOf), ...(story.infoSources ?? [])],
  }
}

/** AFP's NewsML may say it only in its DateLine element: "Paris, 21 jan 2019 (AFP) -". */
const fromField = (story: Story): Story => {
  if (story.dateline === undefined || (story.located !== undefined && story.infoSources !== undefined)) return story
  const found = parseDateline(/\)\s*$/.test(story.dateline) ? `${story.dateline} - ` : `${story.dateline} `)
  if (found === null) return story
  return {
    ...story,
    dateline: found.printed,
    located: story.located ?? found.located,
    infoSources: story.infoSources ?? found.credits.map(creditOf),
  }
}

const creditOf = (code: string) => ({ name: creditName(code), literal: code })
