/** The beginnings of months' names in German, English, French, Spanish and Polish, January first. Folded: lower case, no accents. */
const beginnings: readonly (readonly string[])[] = [
  ['jan', 'ene', 'sty'],
  ['feb', 'fev', 'lut'],
  ['mar', 'maer', 'mrz'],
  ['apr', 'avr', 'abr', 'kwi'],
  ['mai', 'may', 'maj'],
  ['jun', 'juin', 'cze'],
  ['jul', 'juil', 'lip'],
  ['aug', 'aou', 'ago', 'sie'],
  ['sep', 'wrz'],
  ['oct', 'okt', 'paz'],
  ['nov', 'lis'],
  ['dec', 'dez', 'dic', 'gru'],
]

const numbers: ReadonlyMap<string, number> = new Map(
  beginnings.flatMap((names, at) => names.map((name): [string, number] => [name, at + 1])),
)

/** 1 to 12 for a month's name, whole or shortened; 0 for any other word. */
export function monthNumber(word: string): number {
  const folded = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return numbers.get(folded.slice(0, 3)) ?? numbers.get(folded.slice(0, 4)) ?? 0
}
