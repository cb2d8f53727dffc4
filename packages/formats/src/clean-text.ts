import { escapeText, printable, squeeze } from './body/body-text.ts'
import type { CleanBody } from './body/body-writer.ts'

/** A line this long was broken by the width of a screen or a teleprinter, a shorter one on purpose. */
const wrappedLine = 50

/**
 * Plain text as a body. Paragraphs are parted by empty lines, or, where there are none, by indents, or else by every line break. Within a
 * paragraph the break after a long line is a space, after a short one it stays.
 */
export function cleanText(text: string): CleanBody {
  const lines = printable(text).replace(/\r\n?/g, '\n').split('\n')
  const paragraphs = paragraphsOf(lines).filter((paragraph) => paragraph !== '')
  return {
    html: paragraphs.map((paragraph) => `<p>${escapeText(paragraph).replaceAll('\n', '<br />')}</p>`).join(''),
    text: paragraphs.join('\n\n'),
  }
}

function paragraphsOf(lines: readonly string[]): string[] {
  const content = lines.filter((line) => line.trim() !== '')
  const isParted = lines.join('\n').trim().split('\n').length > content.length
  const isIndented = content.some((line, at) => at > 0 && /^(?: {2,}|\t)/.test(line))
  const isWrapped = isParted || isIndented
  const paragraphs: string[] = []
  let open = ''
  let last = 0
  const close = (): void => {
    paragraphs.push(open)
    open = ''
  }
  for (const line of lines) {
    const clean = squeeze(line)
    if (clean === '' || !isWrapped || (!isParted && /^(?: {2,}|\t)/.test(line))) close()
    if (clean === '') continue
    open += (open === '' ? '' : last >= wrappedLine ? ' ' : '\n') + clean
    last = clean.length
  }
  close()
  return paragraphs
}
