import type { Concept } from '@dateline/story'
import { isBlank } from '../../teleprinter/controls.ts'
import { aap } from './aap.ts'
import type { AgencyEnding } from './agency-ending.ts'
import { kyodo } from './kyodo.ts'
import { reuters } from './reuters.ts'

const endings: readonly AgencyEnding[] = [aap, kyodo, reuters]

export interface Ended {
  readonly lines: readonly string[]
  readonly credit?: Concept
  readonly note?: string
}

/** Takes the last line of a text, where it is an agency's mark, as its credit. */
export function takeEnding(lines: readonly string[]): Ended {
  let at = lines.length - 1
  while (at > 0 && isBlank(lines[at] ?? '')) at--
  const line = (lines[at] ?? '').trim()
  for (const { credit, lastLine } of endings) {
    const found = line.length > 60 ? null : lastLine.exec(line)
    if (found === null) continue
    return { lines: lines.slice(0, at), credit, ...(found[1] === undefined ? {} : { note: line }) }
  }
  return { lines }
}
