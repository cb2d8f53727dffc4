import { isSignOff, type Story } from '@dateline/story'
import type { Enrichment } from './enrichment.ts'
import { firstParagraph, lastParagraph, withoutParagraph } from './paragraphs.ts'

/** ANP sets the notice in spaced letters: "N i e u w bericht, vervangt: <old headline>"; seen 2018. */
const replacement = /^N ?i ?e ?u ?w bericht, vervangt\s*:/i
/** "(ANP Redactie AFN/Economie, email economie(at)anp.nl, +31 20 560 6070)"; seen 2019. */
const footer = /^\((?:ANP|AFN)[ -]?Redactie\b.*\)$/i
const mostAtTheEnd = 3

/** Moves what a text says to editors (replacement notice, desk's footer, sign-off) out of the body into `edNotes`, in the order printed. */
export const edNotes: Enrichment = (story) => {
  if (story.bodyText === undefined) return story
  let rest: Story = story
  const first = firstParagraph(story.bodyText)
  if (replacement.test(first)) rest = without(rest, 'first', first)
  const notes = rest === story ? [] : [first]
  const trailing: string[] = []
  for (let count = 0; count < mostAtTheEnd; count++) {
    const last = lastParagraph(rest.bodyText ?? '')
    if (!isNote(last.trim())) break
    rest = without(rest, 'last', last)
    trailing.unshift(last.trim())
  }
  if (rest === story) return story
  return { ...rest, edNotes: [...(story.edNotes ?? []), ...notes, ...trailing] }
}

const isNote = (paragraph: string): boolean => footer.test(paragraph) || isSignOff(paragraph)

function without(story: Story, where: 'first' | 'last', paragraph: string): Story {
  const text = story.bodyText ?? ''
  const bodyText =
    where === 'first' ? text.slice(paragraph.length).trimStart() : text.slice(0, -paragraph.length).trimEnd()
  const bodyHtml = story.bodyHtml === undefined ? null : withoutParagraph(story.bodyHtml, where, paragraph)
  return { ...story, bodyText, ...(bodyHtml === null ? {} : { bodyHtml }) }
}
