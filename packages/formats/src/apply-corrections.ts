import type { Story } from '@dateline/story'
import type { Draft } from './json/json-values.ts'
import type { ParseContext } from './wire-format.ts'

/** Runs the corrections of a format one after the other, and tells a listener which of them changed the story. A correction is known by its function's name. */
export function applyCorrections<Correction extends { readonly name: string }>(
  corrections: readonly Correction[],
  apply: (correction: Correction) => void,
  { story, context: { onCorrection } }: { readonly story: Draft<Story>; readonly context: ParseContext },
): void {
  for (const correction of corrections) {
    if (onCorrection === undefined) {
      apply(correction)
      continue
    }
    const before = JSON.stringify(story)
    apply(correction)
    if (JSON.stringify(story) !== before) onCorrection(correction.name)
  }
}
