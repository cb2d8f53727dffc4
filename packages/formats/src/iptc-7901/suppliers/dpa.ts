import { isBlank } from '../../teleprinter/controls.ts'
import { unwrap, widthOf } from '../../teleprinter/unwrap.ts'

/** "Peine (dpa/lni) - Ein …" */
const dateline = /^\p{Lu}[\p{L}\p{M} .,'’/-]{1,60} \(dpa[^)]{0,30}\) - /u

/**
 * dpa sends a teaser as a paragraph before the one with the dateline (seen in what its digitalwires converter writes, 2024). It is a
 * description, not the beginning of the text.
 */
export function dpaTeaser(text: readonly string[]): { readonly teaser?: string; readonly text: readonly string[] } {
  const end = text.findIndex(isBlank)
  if (end < 1 || dateline.test(text[0] ?? '')) return { text }
  const next = text.findIndex((line, at) => at > end && !isBlank(line))
  if (next < 0 || !dateline.test(text[next] ?? '')) return { text }
  const teaser = unwrap(text.slice(0, end), widthOf(text)).join(' ')
  return { teaser, text: text.slice(next) }
}
