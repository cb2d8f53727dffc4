import { cityCase, isParticle } from './city-case.ts'
import { isCreditCode } from './credit-names.ts'

export interface Dateline {
  /** As printed, without the dash: "LONDEN (ANP/RTR)". */
  readonly printed: string
  /** "Londen" */
  readonly located: string
  /** Codes in the order printed, each once: ANP, RTR. */
  readonly credits: readonly string[]
  /** As printed: "24/04", "21 jan 2019", "Jan 4". */
  readonly date?: string
  /** How many characters of the paragraph the dateline takes, its dash and the white space after it included. */
  readonly length: number
}

/** No dateline is longer; whatever follows is not looked at, so that the time does not grow with the paragraph. */
const longest = 140
const longestCity = 80
const months =
  'jan|feb|maa?r|mrt|mar|mär|maerz|apr|avr|abr|mei|may|mai|mag|ju[nl]|jui|giu|lug|ag|ao|aug|sep|set|o[ck]t|ott|nov|dec|dez|dic|déc|fév|ene|fev|out|gen'
const monthName = `(?:${months})\\p{Ll}{0,8}\\.?`
const date = new RegExp(
  String.raw`(?:,\s*|\s+)(\d{1,2}/\d{1,2}|\d{1,2}\.?\s(?:de\s)?${monthName}(?:\s(?:de\s)?\d{4})?|${monthName}\s\d{1,2}(?:,\s\d{4})?)$`,
  'iu',
)
const place = /^['’]?[\p{Lu}](?:[\p{L}\p{M}.'’]|[ /-](?=[\p{L}'’]))*(?:, ?\p{Lu}[\p{L}\p{M}.'’ -]*)?$/u
const clippedPlace = /^['’][st][ -]\p{Lu}/u
const code = /^\p{L}[\p{L}\d.-]{0,14}(?: \p{L}[\p{L}\d.-]{0,14})?$/u
/** Swiss and church agencies print no dash after their code. */
const dashless = new Set(['ATS', 'SDA', 'AWP', 'KEYSTONE', 'KNA'])
const dash = /^\s*(?:\.?[-–—―_=]|--)(?:\s+|$)|^\s*--\s*/u

/**
 * The dateline that begins a paragraph, in the agencies' forms: "DEN HAAG (ANP) - ", "DEN HAAG 24/04 (ANP) = ", "Berlin (dpa/lni) - ",
 * "Paris, 21 jan 2019 (AFP) - ", "CHICAGO Jan 4 (Reuters) - ", "Paris (ats afp) ", "Madrid, 28 mar (EFE).- ", "SAITAMA, Japan, Dec. 9 Kyodo - ",
 * "MOSCOW, January 21. /TASS/. ". null when it has none. `supplier` is a credit too, though no table names it.
 */
export function parseDateline(paragraph: string, supplier = ''): Dateline | null {
  const head = paragraph.slice(0, longest)
  const open = head.indexOf('(')
  return (open < 0 ? null : bracketed(head, open, supplier)) ?? unbracketed(head)
}

function bracketed(head: string, open: number, supplier: string): Dateline | null {
  const close = head.indexOf(')', open)
  if (close < 0 || open > longestCity || open === 0) return null
  const isKnown = (credit: string): boolean => isCreditCode(credit) || credit.toLowerCase() === supplier.toLowerCase()
  const credits = creditsIn(head.slice(open + 1, close), isKnown)
  if (credits === null) return null
  const found = placeIn(head.slice(0, open).trim())
  if (found === null) return null
  const after = head.slice(close + 1)
  const end = dash.exec(after)?.[0]
  if (end === undefined && !(dashless.has(credits[0] ?? '') && /^\s+["'«„“]?\p{Lu}/u.test(after))) return null
  const length = close + 1 + (end ?? after.slice(0, after.length - after.trimStart().length)).length
  return { ...found.dated, printed: head.slice(0, close + 1).trim(), located: cityCase(found.city), credits, length }
}

/** "SAITAMA, Japan, Dec. 9 Kyodo - ", "MOSCOW, January 21. /TASS/. " */
function unbracketed(head: string): Dateline | null {
  const found = /^(.{2,80}?\d)(?:\s+(Kyodo)(\s+[-–—]\s+)|\.?\s+\/(TASS)\/(\.?\s+))/u.exec(head)
  if (!found) return null
  const [whole, before = ''] = found
  const credit = found[2] ?? found[4] ?? ''
  const end = found[3] ?? found[5] ?? ''
  const at = placeIn(before.trim())
  if (at === null || at.dated.date === undefined) return null
  const printed = whole.slice(0, whole.length - end.length)
  return { ...at.dated, printed, located: cityCase(at.city), credits: [credit.toUpperCase()], length: whole.length }
}

/** Codes parted by "/" (dpa also by ", "; ats by a space), at least one of them known, each once. */
function creditsIn(text: string, isKnown: (credit: string) => boolean): readonly string[] | null {
  const parts = text.split(/\s*[/,]\s*/).flatMap((part) => (part.split(' ').every(isKnown) ? part.split(' ') : [part]))
  if (parts.length > 6 || !parts.some(isKnown) || !parts.every((part) => code.test(part))) return null
  const upper = parts.map((part) => (isCreditCode(part) ? part.toUpperCase() : part))
  return [...new Set(upper)]
}

function placeIn(text: string): { readonly city: string; readonly dated: { readonly date?: string } } | null {
  const day = /\d/.test(text) ? date.exec(text) : null
  const named = day ? text.slice(0, day.index) : text
  if (!place.test(named) && !clippedPlace.test(named)) return null
  const city = named.split(',')[0]?.trim() ?? ''
  const words = city.split(/[ /-]/)
  if (words.length > 7 || (!isInCapitals(city) && !isNameLike(words))) return null
  return { city, dated: day?.[1] === undefined ? {} : { date: day[1] } }
}

/** In mixed case every word but a particle begins with a capital: "San Mateo", not "De minister". */
const isNameLike = (words: readonly string[]): boolean =>
  words.length <= 4 && words.every((word) => isParticle(word) || /^['’]?\p{Lu}|^['’][st]$/u.test(word))

const isInCapitals = (text: string): boolean => text === text.toUpperCase()
