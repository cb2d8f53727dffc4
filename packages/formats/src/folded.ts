/**
 * The text in lower case, without accents, with one kind of apostrophe and space, and of the same length: what is found in it lies at the same place in
 * the text.
 */
export function folded(text: string): string {
  let result = ''
  for (let at = 0; at < text.length; at++) result += foldedUnit(text[at] ?? '')
  return result
}

function foldedUnit(unit: string): string {
  if (unit >= 'a' && unit <= 'z') return unit
  if (unit === '’' || unit === '‘' || unit === '`') return "'"
  if (unit === '\u00a0' || unit === '\u202f' || unit === '\t') return ' '
  return unit < '\u0080' ? unit.toLowerCase() : (unit.normalize('NFD')[0] ?? unit).toLowerCase().slice(0, 1)
}
