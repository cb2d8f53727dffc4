import { timeFlags } from '../dates.ts'
import { readWordedTime } from '../plain-text/worded-time.ts'
import type { ParseContext } from '../wire-format.ts'

export interface Embargo {
  /** RFC 3339, or `indefinite`, or `none` where the line lifts it. */
  readonly embargoed: string
  readonly flags: readonly string[]
}

/** An order, not "Embargo gegen Kuba verlängert": what follows the word says until when. */
const label = new RegExp(
  [
    'Sperrfrist(?: bis)?',
    'EMBARGOED do publikacji do',
    'EMBARGOED(?: for (?:publication|release))?(?: until)?',
    "[ÊEêe]tre soumis(?:\\(e\\)|e)? [àa] un embargo pour publication jusqu['’][àa]u?",
    "(?:sous )?embargo jusqu['’](?:[àa]u?)?",
    'embarg(?:o|ado|ada) hasta(?: el)?',
    'embargo (?:do|until|bis)',
    'embargo:',
  ].join('|'),
  'iu',
)
const lifted = /^\s*(?:ist )?(?:aufgehoben|abgelaufen|lifted|levé|levantado)/i
const longest = 200

/**
 * The embargo of a line, and what stands on the line before it; null for a line that orders none. `context` has the time of sending for that of
 * arrival.
 */
export function readEmbargo(line: string, context: ParseContext): (Embargo & { readonly before: string }) | null {
  if (line.length > longest * 2) return null
  const found = label.exec(line)
  if (found === null) return null
  const before = line.slice(0, found.index).trim()
  const after = line.slice(found.index + found[0].length)
  if (lifted.test(after)) return { before, embargoed: 'none', flags: [] }
  const text = after.split(/\s[-–—]\s/)[0]?.slice(0, longest) ?? ''
  if (!/[\p{L}\p{N}]/u.test(text)) return { before, embargoed: 'indefinite', flags: [] }
  const time = readWordedTime(text.replace(/^[\s:.,–—-]+/, ''), context)
  if (time === null) return { before, embargoed: 'indefinite', flags: ['embargo-unreadable'] }
  const assumed = time.dateAssumed ? ['embargo-date-assumed'] : []
  return { before, embargoed: time.instant, flags: [...timeFlags(time), ...assumed] }
}
