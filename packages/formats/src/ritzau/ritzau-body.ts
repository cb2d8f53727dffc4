import { type SplitBody, splitNotes } from '../body/split-notes.ts'
import { cleanHtml } from '../clean-html.ts'
import { textOf } from '../json/json-values.ts'

/** "** Ovenstående pressemeddelelse er videreformidlet af Ritzau på vegne af tredjepart. … **" */
const disclaimer = /^\*\*.{1,1000}\*\*$/s
const doublyEscaped = /&amp;(apos|quot|amp|lt|gt|nbsp|#\d{1,6});/g
/** "… siger han. /ritzau/", with the partners' names between the strokes. */
const credit = / ?\/ritzau(?:\/[A-Za-z ]{1,20}){0,4}\/ ?((?:<\/[a-z]{1,6}>){0,4})$/i
const tailCharacters = 200

/** A text whose entities were escaped twice, as press releases come through the service, escaped once. */
export const singlyEscaped = (value: unknown): string | undefined => textOf(value)?.replace(doublyEscaped, '&$1;')

/** The text as a body, without the credit at its end, which `origin` has, and with the note that a release is another's parted from it. */
export function ritzauBody(content: unknown): SplitBody {
  const { html, text } = cleanHtml(singlyEscaped(content) ?? '')
  const start = Math.max(0, html.length - tailCharacters)
  const tail = html.slice(start)
  const body = credit.test(tail) ? cleanHtml(html.slice(0, start) + tail.replace(credit, '$1')) : { html, text }
  return splitNotes(body, (paragraph) => disclaimer.test(paragraph))
}
