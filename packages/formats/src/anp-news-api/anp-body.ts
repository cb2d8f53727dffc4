import { type SplitBody, splitNotes } from '../body/split-notes.ts'
import { cleanHtml } from '../clean-html.ts'

const longestSubHead = 80
const longestNote = 600
const subHead = /<p><(b|strong)>([^<]{1,200})<\/\1><\/p>/g

/** "N i e u w bericht, vervangt: …" names the headline that this version replaces; the letters are spaced. */
const replacement = /^n\s?i\s?e\s?u\s?w\s+bericht,?\s+vervangt\b/i
/** "(ANP Redactie AFN/Economie, email …, +31 …)" ends the finance feed's items. */
const footer = /^\(\s*(?:ANP|AFN)\b[^()]{0,200}(?:redactie|email|e-mail|\+31).*\)$/is
/** Initials of those who worked on it, as AFP's relay has them: "asl/tib/pid". */
const signOff = /^[a-z]{2,4}(?:\/[a-z-]{2,4}){1,8}$/

/** An item's text as a body. Short paragraphs all in bold are headings; what is said to editors is parted from it. */
export function anpBody(bodyText: string): SplitBody {
  const cleaned = cleanHtml(bodyText)
  const withHeads = cleaned.html.replace(subHead, (paragraph: string, _tag: string, text: string) =>
    text.length <= longestSubHead && !/[.!?:]$/.test(text.trim()) ? `<h3>${text}</h3>` : paragraph,
  )
  return splitNotes({ html: withHeads, text: cleaned.text }, isNote)
}

const isNote = (text: string, isLast: boolean): boolean =>
  text.length <= longestNote && (replacement.test(text) || footer.test(text) || (isLast && signOff.test(text)))
