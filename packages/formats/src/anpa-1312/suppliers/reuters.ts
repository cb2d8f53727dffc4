import type { AgencyEnding } from './agency-ending.ts'

/** "Reuter" or "REUTER", seen on the wire of 1987. */
export const reuters: AgencyEnding = { credit: { literal: 'REUTERS' }, lastLine: /^reuters?$/i }

/** "    CLEVELAND, Feb 26 - Standard …": no credit in brackets, which is what tells other agencies' datelines from a sentence. */
const dateline =
  /^\s*(\p{Lu}[\p{Lu} .,'’/-]{1,60}, (?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)\.? \d{1,2}) - +(?=\S)/u

/** Parts the dateline from the first line of a text; null when it begins with none. */
export function reutersDateline(line: string): { readonly dateline: string; readonly rest: string } | null {
  const found = dateline.exec(line.slice(0, 120))
  if (found?.[1] === undefined) return null
  return { dateline: found[1], rest: (/^\s*/.exec(line)?.[0] ?? '') + line.slice(found[0].length) }
}
