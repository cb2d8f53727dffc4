import type { Enrichment } from './enrichment.ts'

const longestHeadline = 100

/**
 * A story without a headline gets its first sentence, or the first 100 characters, cut between words; flagged `headline-from-body`.
 * A recall gets none: its text is what must not be shown.
 */
export const headline: Enrichment = (story) => {
  const hasHeadline = story.headlines?.some(({ value }) => value.trim() !== '') ?? false
  if (hasHeadline || !story.bodyText || (story.pubStatus ?? 'usable') !== 'usable') return story
  const value = headlineFrom(story.bodyText)
  if (value === '') return story
  const others = (story.headlines ?? []).filter((other) => other.value.trim() !== '')
  return { ...story, headlines: [{ value }, ...others], flags: [...(story.flags ?? []), 'headline-from-body'] }
}

function headlineFrom(text: string): string {
  const start = text.slice(0, 400).replace(/\s+/g, ' ').trim()
  const sentence = /^.{20,}?[.!?]["'”’)]?(?=\s["'“‘(]?[\p{Lu}\d]|$)/u.exec(start)?.[0] ?? start
  if (sentence.length <= longestHeadline) return sentence.replace(/(?<![.!?])\.$/, '')
  const cut = sentence.slice(0, longestHeadline - 1).toWellFormed()
  const space = cut.lastIndexOf(' ')
  return `${(space > longestHeadline / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:–-]+$/, '')}…`
}
