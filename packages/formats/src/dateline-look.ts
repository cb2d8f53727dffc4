/** Credits in capitals are anybody’s; in other letters only of agencies that print themselves so: "(dpa/lni)", "(ats afp)", "(Reuters)". */
const inCapitals = '[A-Z]{2,12}'
const asPrinted =
  'dpa(?:-[A-Za-z]{2,10})?|ats|sda|awp|afp|apa|epd|kna|anp|Anp|rtr|sid|Reuters|Belga|Bloomberg|Kyodo|Europa Press|Keystone-(?:SDA|ATS)|efe|ansa'
const more = String.raw`(?:\s?/\s?[A-Za-z]{2,12}|,? (?:${inCapitals}|${asPrinted}))`
const credits = String.raw`\((?:${inCapitals}|${asPrinted})${more}{0,5}\)`
const month = String.raw`\p{L}{3,9}\.?`
const date = String.raw`(?:\d{1,2}/\d{1,2}|\d{1,2}\.? (?:de )?${month}(?: \d{4})?|${month} \d{1,2}(?:, \d{4})?)`
const dash = String.raw`\s{0,2}(?:[-–—―_=]|--)\s`
/** Swiss and church agencies print no dash. */
const dashless = String.raw`(?<=\((?:ats|ATS|sda|SDA|awp|AWP|kna|KNA)[^)]{0,30}\))\s(?=["'«„“]?\p{Lu})`
const ending = String.raw`(?:,?\s${date})?\s?${credits}(?:${dash}|${dashless})`
const named = String.raw`(?:\p{Lu}|['’]\p{L})[\p{L}\p{M} .,'’/-]{1,60}`
const kyodo = String.raw`\p{Lu}[\p{L}\p{M} .,'’-]{2,60}\d{1,2}\sKyodo\s[-–—]\s`

const atStart = new RegExp(`^(?:${named}${ending}|${kyodo})`, 'u')
const longest = 160

/** A city, perhaps in several words, that may follow on other text without a space. */
const glued = String.raw`(?:\p{Lu}[\p{Lu}\p{M} .,'’/-]{1,40}|\p{Lu}[\p{L}\p{M}.'’-]{1,30}(?:[ /]\p{Lu}[\p{L}\p{M}.'’-]{0,20}){0,3})`

/** Expression for the place of a city and its credits, as a look ahead: "GENÈVE (ANP/AFP) - ", "Berlin (dpa) - ". */
export const datelineAhead: string = glued + ending

/** True for a paragraph that begins as agencies begin theirs: "LONDEN (ANP/RTR) - ", "Paris, 21 jan 2019 (AFP) - ", "Bern (ats) Le …". */
export const startsWithDateline = (text: string): boolean => atStart.test(text.slice(0, longest))
