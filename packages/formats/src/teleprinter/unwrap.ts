/** No teleprinter's line was longer; a text with many such lines is not broken by a width. */
const widestLine = 80
const narrowestLine = 50
/** One line that is wider than the others must not leave breaks all over the text. */
const slack = 8
/** A width by which every break of a paragraph is one of the width: where indents part paragraphs. */
export const everyBreak = 0
const joiningWords = /^(?:und|oder|bzw|sowie|and|or|et|ou|y|o|i|lub|en|of)\b/
const listMark = /^\s*[-+*•–]\s/

/** The width by which the lines of a text were broken; Infinity where they were not. */
export function widthOf(lines: readonly string[]): number {
  let long = 0
  let filled = 0
  let width = 0
  for (const line of lines) {
    const { length } = line.trim()
    if (length === 0) continue
    filled++
    if (length > widestLine) long++
    else if (length > width) width = length
  }
  return width < narrowestLine || long * 5 > filled ? Number.POSITIVE_INFINITY : width
}

/** The lines of a paragraph as they were written before a width broke them: a break stays where the next word would have fitted. */
export function unwrap(lines: readonly string[], width: number): string[] {
  const whole: string[] = []
  let parts: string[] = []
  let last = ''
  for (const line of lines) {
    const text = line.trim()
    if (text === '') continue
    if (parts.length > 0 && !isBroken(last, line, width)) {
      whole.push(parts.join(''))
      parts = []
    }
    if (parts.length > 0 && !isOneWord(last.trim(), text)) parts.push(' ')
    parts.push(text)
    last = line
  }
  if (parts.length > 0) whole.push(parts.join(''))
  return whole
}

/** Whether the width broke between two lines. Kyodo and ATS leave the space at the end of a line that goes on. */
function isBroken(line: string, next: string, width: number): boolean {
  const { length } = line.trim()
  const following = next.trim()
  if (listMark.test(next)) return false
  if (width === everyBreak) return true
  if (length < narrowestLine / 2) return false
  if (/\S $/.test(line)) return true
  const word = /^\S*/.exec(following)?.[0].length ?? 0
  return length + 1 + word > width - slack || (/^\p{Ll}/u.test(following) && !/[.!?:]$/.test(line.trim()))
}

/** "Co-" and "Vorsitzende" are one word, "Haus-" and "und Grundbesitz" are two. */
const isOneWord = (line: string, next: string): boolean =>
  line.endsWith('-') && /[\p{L}\d]-$/u.test(line.slice(-3)) && /^[\p{L}\d]/u.test(next) && !joiningWords.test(next)
