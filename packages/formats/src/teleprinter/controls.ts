/** ISO 646 control characters by which teleprinter messages are framed. */
export const soh = '\x01'
export const stx = '\x02'
export const etx = '\x03'

const controls = /[^\P{Cc}\t\n]/gu

/** Lines without the control characters that frame, pad and ring. */
export const linesOf = (text: string): string[] => text.replace(/\r\n?/g, '\n').replace(controls, '').split('\n')

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
