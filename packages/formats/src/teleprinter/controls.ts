/** ISO 646 control characters by which teleprinter messages are framed. */
export const soh = '\x01'
export const stx = '\x02'
export const etx = '\x03'

const controls = /[^\P{Cc}\t\n]/gu

/** Lines without the control characters that frame, pad and ring. */
export const linesOf = (text: string): string[] => text.replace(/\r\n?/g, '\n').replace(controls, '').split('\n')

/** How many lines there are, before any is made. */
export function countLines(text: string): number {
  let lines = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed)) lines++
  }
  return lines
}

const lineFeed = 10
const carriageReturn = 13

/** True for a line on which nothing can be seen. */
export const isBlank = (line: string): boolean => line.trim() === ''

/** Without empty lines at either end. */
export function trimLines(lines: readonly string[]): readonly string[] {
  let start = 0
  let end = lines.length
  while (start < end && isBlank(lines[start] ?? '')) start++
  while (end > start && isBlank(lines[end - 1] ?? '')) end--
  return lines.slice(start, end)
}
