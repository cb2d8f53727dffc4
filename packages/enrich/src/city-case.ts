/** Words that stay small inside a place's name: "Alphen aan den Rijn", "Rio de Janeiro", "Frankfurt am Main". */
const small = new Set(
  'aan af am an au aux bei bij da das de del den der des di do dos du e em en im in la las le les los na of on op over sous sur te ten ter the und upon van vom von vor y zu zum'.split(
    ' ',
  ),
)
/** Where an apostrophe parts a small word from the name: "'s-Hertogenbosch", "'t Harde". */
const clipped = /^['’`‘]([SNT])$/i

export const isParticle = (word: string): boolean => small.has(word)

/** A city set in capitals, as running text has it: "SÃO PAULO" → "São Paulo". What is not all in capitals stays as it is. */
export function cityCase(city: string): string {
  if (city !== city.toUpperCase() || city === city.toLowerCase()) return city
  let isFirst = true
  return city
    .split(/([ /-])/)
    .map((word) => {
      if (word === '/') isFirst = true
      if (/^[ /-]?$/.test(word)) return word
      const cased = wordCase(word, isFirst)
      isFirst = false
      return cased
    })
    .join('')
}

function wordCase(word: string, isFirst: boolean): string {
  if (clipped.test(word)) return word.toLowerCase()
  // "D.C." is letters with stops, "ST." an ordinary word.
  if (/^(?:\p{Lu}\.){2,}\p{Lu}?$/u.test(word)) return word
  const lower = word.toLowerCase()
  if (!isFirst && small.has(lower)) return lower
  // The Dutch IJ is one letter.
  if (lower.startsWith('ij')) return `IJ${lower.slice(2)}`
  const [first = '', ...rest] = lower.split(/(?<=['’])/)
  return [first, ...rest].map((part) => (part.length > 1 || rest.length === 0 ? capital(part) : part)).join('')
}

function capital(word: string): string {
  const at = word.search(/\p{L}/u)
  if (at < 0) return word
  const [letter = ''] = word.slice(at)
  return word.slice(0, at) + letter.toUpperCase() + word.slice(at + letter.length)
}
