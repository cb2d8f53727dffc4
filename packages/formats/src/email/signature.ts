import type { CleanBody } from '../body/body-writer.ts'
import { cleanHtml } from '../clean-html.ts'

const mostSignatureLines = 40
/** A line of signs that parts a disclaimer from the text. */
const rule = /^[_=*~–—-]{5,200}$/
/** How disclaimers begin in the languages that they are seen in. */
const disclaimer =
  /^(?:disclaimer|confidential|vertrouwelijk|this (?:e-?mail|message|communication)|the (?:information|contents?) (?:contained )?(?:in|of) this|dit (?:e-?mail)?bericht|deze e-?mail|de (?:informatie|inhoud) (?:in|van) (?:dit|deze)|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail)|cet e-?mail)\b/i

export interface SplitBody<T> {
  readonly body: T
  readonly notes: readonly string[]
}

/**
 * Parts a plain text from its signature, after the last line `-- ` (RFC 3676 4.3; its space is often lost), and from a disclaimer below a
 * rule. A signature of more than 40 lines is none.
 */
export function splitText(text: string): SplitBody<string> {
  const lines = text.split('\n')
  const cuts = [signatureAt(lines), disclaimerAt(lines)].filter((at) => at >= 0)
  const [cut] = cuts.toSorted((a, b) => a - b)
  if (cut === undefined) return { body: text, notes: [] }
  const notes = lines.slice(cut).filter((line) => !/^-- ?$/.test(line) && !rule.test(line.trim()))
  return { body: lines.slice(0, cut).join('\n'), notes: noteOf(notes.join('\n')) }
}

function signatureAt(lines: readonly string[]): number {
  const at = lines.findLastIndex((line) => /^-- ?$/.test(line))
  return at >= 0 && lines.length - at <= mostSignatureLines ? at : -1
}

/** The rule above the disclaimer. */
function disclaimerAt(lines: readonly string[]): number {
  for (let at = 0; at < lines.length; at++) {
    if (!rule.test((lines[at] ?? '').trim())) continue
    const next = lines.slice(at + 1, at + 4).find((line) => line.trim() !== '')
    if (next !== undefined && disclaimer.test(next.trim())) return at
  }
  return -1
}

const noteOf = (text: string): string[] => {
  const note = text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join(' ')
  return note === '' ? [] : [note]
}

const paragraphStart = '<p>'

/** The same in a clean body of HTML: a paragraph `--`, or a rule before a disclaimer, that stands in no list, table or quote. */
export function splitHtml(body: CleanBody): SplitBody<CleanBody> {
  const { html } = body
  if (!html.includes('<p>--') && !/<p>[_=*~–—-]{5}/.test(html)) return { body, notes: [] }
  const cut = cutIn(html)
  if (cut < 0) return { body, notes: [] }
  const rest = cleanHtml(html.slice(cut)).text.split('\n')
  const notes = rest.filter((line) => !/^--$/.test(line.trim()) && !rule.test(line.trim()))
  return { body: cleanHtml(html.slice(0, cut)), notes: noteOf(notes.join('\n')) }
}

function cutIn(html: string): number {
  let depth = 0
  let signature = -1
  for (const found of html.matchAll(/<(\/?)(blockquote|ul|ol|dl|table)>|<p>/g)) {
    const [tag, slash] = found
    if (tag !== paragraphStart) depth += slash === '/' ? -1 : 1
    else if (depth === 0) {
      const start = found.index + paragraphStart.length
      const next = html.slice(start, start + 400)
      if (/^--\s?(?:<\/p>|<br \/>)/.test(next)) signature = found.index
      const ruled = /^[_=*~–—-]{5,200}(?:<\/p><p>|<br \/>)(?:<(?:b|strong|i|em)>)*/.exec(next)
      if (ruled !== null && disclaimer.test(next.slice(ruled[0].length))) return signature < 0 ? found.index : signature
    }
  }
  const lines = signature < 0 ? 0 : (html.slice(signature).match(/<br \/>|<p>/g) ?? []).length
  return lines <= mostSignatureLines ? signature : -1
}
