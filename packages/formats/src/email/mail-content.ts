import type { MimePart } from './mime/mime-part.ts'

/** A piece of a mail's body: one text, or the same in several forms, the best first. */
export type MailText = MimePart | { readonly choices: readonly (readonly MailText[])[] }

/** What a mail holds: its texts in order, and all else. */
export interface MailContent {
  readonly texts: readonly MailText[]
  readonly attachments: readonly MimePart[]
}

const none: MailContent = { texts: [], attachments: [] }
/** Keys and headers of files of one system; nothing for readers. */
const ofTransport = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/applefile',
])

/** Sorts the parts of a mail (RFC 2046 5, RFC 2387). A text with a file name, or said to be an attachment, is one. */
export function contentOf(part: MimePart): MailContent {
  switch (part.type) {
    case 'multipart/alternative':
      return alternative(part)
    case 'multipart/related':
      return related(part)
    case 'multipart/signed':
      return part.children[0] === undefined ? none : contentOf(part.children[0])
    case 'text/plain':
    case 'text/html':
      if (part.disposition !== 'attachment' && part.fileName === undefined) return { texts: [part], attachments: [] }
      return { texts: [], attachments: [part] }
    default:
      if (ofTransport.has(part.type)) return none
      if (!part.type.startsWith('multipart/')) return { texts: [], attachments: [part] }
      return together(part.children.map(contentOf))
  }
}

const together = (contents: readonly MailContent[]): MailContent => ({
  texts: contents.flatMap(({ texts }) => texts),
  attachments: contents.flatMap(({ attachments }) => attachments),
})

/** HTML comes before plain text, and of its like the last, which is the writer's best. What is neither is a form that we do not read. */
function alternative(part: MimePart): MailContent {
  const forms = part.children
    .filter(({ type }) => !type.startsWith('text/') || type === 'text/plain' || type === 'text/html')
    .map(contentOf)
  const choices = forms
    .map(({ texts }) => texts)
    .filter((texts) => texts.length > 0)
    .reverse()
    .toSorted((a, b) => Number(b.some(isHtml)) - Number(a.some(isHtml)))
  return {
    texts: choices.length === 0 ? [] : [{ choices }],
    attachments: forms.flatMap(({ attachments }) => attachments),
  }
}

const isHtml = (text: MailText): boolean =>
  'choices' in text ? text.choices.some((choice) => choice.some(isHtml)) : text.type === 'text/html'

/** The first is the text, the others are what it shows. */
function related(part: MimePart): MailContent {
  const [root, ...shown] = part.children.map(contentOf)
  if (root === undefined) return none
  return {
    texts: root.texts,
    attachments: [
      ...root.attachments,
      ...shown.flatMap(({ texts, attachments }) => [...texts.flatMap(leaves), ...attachments]),
    ],
  }
}

const leaves = (text: MailText): MimePart[] =>
  'choices' in text ? text.choices.flatMap((choice) => choice.flatMap(leaves)) : [text]
