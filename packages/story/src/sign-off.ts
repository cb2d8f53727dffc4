/** Initials of writers and desks: "rfj/bcp/dl", "prm-sr/jah". */
const initials = /^[a-z]{2,4}(?:-[a-z]{1,4})?(?:\/[a-z]{2,4}(?:-[a-z]{1,4})?){1,6}$/
const words = new Set([
  'and/or',
  'en/of',
  'und/oder',
  'et/ou',
  'he/she',
  'his/her',
  'hij/zij',
  'er/sie',
  'il/elle',
  'on/off',
])

/** A line that is nothing but initials. Words that are written so are none: "and/or". */
export const isSignOff = (text: string): boolean => text.length <= 60 && initials.test(text) && !words.has(text)
