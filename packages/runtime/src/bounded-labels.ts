const longestLabel = 80
const other = 'other'

/**
 * Labels from what suppliers send, kept few: the first `most` different ones of each feed stand for themselves, later ones are `other`. Long ones are cut,
 * and unusual characters become `?`.
 */
export function boundedLabels(most: number): (feed: string, text: string) => string {
  const known = new Map<string, Set<string>>()
  return (feed, text) => {
    const label = text.slice(0, longestLabel).replace(/[^\w./:@-]/g, '?')
    const labels = known.get(feed) ?? new Set()
    known.set(feed, labels)
    if (labels.has(label)) return label
    if (labels.size >= most) return other
    labels.add(label)
    return label
  }
}
