import { inventedParagraphs, inventedSentence } from './invented-text.ts'

export interface PageBrief {
  readonly text: string
  /** As a page prints it: "7 minuten geleden". Absent: none. */
  readonly ago?: string
}

export interface PageCaptureOptions {
  /** Makes text that differs from number to number; 1 unless said. */
  readonly number?: number
  readonly headline?: string
  /** Paragraphs of the page's own story, dateline included. */
  readonly lead?: readonly string[]
  readonly section?: string
  readonly briefs?: readonly PageBrief[]
}

/** A captured news page: headline and story, then briefs whose relative times run into the next brief, as text comes out of a browser. */
export function pageCaptureMessage(options: PageCaptureOptions = {}): Buffer {
  const number = options.number ?? 1
  const [first = '', ...others] = inventedParagraphs(number, 800)
  const lead = options.lead ?? [`PYONGYANG (ANP) - ${first}`, ...others]
  const briefs = options.briefs ?? [
    {
      text: `LONDEN (ANP/RTR) - ${inventedSentence(number * 31 + 40)} ${inventedSentence(number * 31 + 41)}`,
      ago: '7 minuten geleden',
    },
    {
      text: `GENÈVE (ANP/AFP) - ${inventedSentence(number * 31 + 50)} ${inventedSentence(number * 31 + 51)}`,
      ago: '1 uur geleden',
    },
  ]
  const tail = briefs.map(({ text, ago }) => `${text}\n${ago ?? ''}`).join('')
  const headline = options.headline ?? inventedSentence(number * 31 + 60).slice(0, 70)
  return Buffer.from(`${headline}\n${lead.join('\n')}\nMeer uit ${options.section ?? 'Buitenland'}\n${tail}`)
}
