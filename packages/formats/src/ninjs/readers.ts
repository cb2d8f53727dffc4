import type { ParseContext } from '../wire-format.ts'
import type { NinjsReaders } from './ninjs-story.ts'

export const readersFor = (_context: ParseContext): NinjsReaders => ({
  cleanHtml: (html) => {
    const paragraphs = html
      .split(/<\/?(?:p|div|h\d|br|li|section)[^>]*>/)
      .map((part) =>
        part
          .replace(/<[^>]*>/g, '')
          .replace(/&amp;/g, '&')
          .trim(),
      )
      .filter((part) => part !== '')
    return { html: paragraphs.map((part) => `<p>${part}</p>`).join(''), text: paragraphs.join('\n\n') }
  },
  readInstant: (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text)
      ? { instant: text, isZoneAssumed: false }
      : undefined,
})
