export interface DatedDateline {
  /** "PORT EXAMPLE, Feb 26" */
  readonly dateline: string
  /** "Port Example" */
  readonly located: string
  /** The line without it. */
  readonly rest: string
}

const month =
  '(?:Jan|January|Feb|February|March|April|May|June|July|Aug|August|Sept|September|Oct|October|Nov|November|Dec|December)'
/** No credit in brackets, by which other agencies' datelines are told from sentences. */
const shape = new RegExp(
  String.raw`^\s*((\p{Lu}[\p{Lu} .’'/-]{1,40})(?:, [\p{L}. ]{2,30})?, ${month}\.? \d{1,2}(?: AAP)?) [-—] +(?=\S)`,
  'u',
)
const longest = 140

/** Parts the dateline of Reuters ("CLEVELAND, Feb 26 - ") or AAP ("PERTH, Feb 9 AAP - ") from the line that it begins; null where there is none. */
export function datedDateline(line: string): DatedDateline | null {
  const found = shape.exec(line.slice(0, longest))
  if (found === null) return null
  const [whole, dateline = '', city = ''] = found
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  return { dateline, located: inRunningText(city), rest: indent + line.slice(whole.length) }
}

const inRunningText = (city: string): string =>
  city.toLowerCase().replace(/(^|[ /-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
