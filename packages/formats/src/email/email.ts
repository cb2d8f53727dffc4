import { ignore, type Outcome, pass, reject, type Story } from '@dateline/story'
import { type Draft, put } from '../json/json-values.ts'
import type { DeskMark } from '../plain-text/desk-mark.ts'
import type { ParseContext, ParsedItem, WireFormat } from '../wire-format.ts'
import { associationsOf } from './attachments.ts'
import { looksLikeMail } from './look.ts'
import { bodyOf, type MailBody } from './mail-body.ts'
import { contentOf } from './mail-content.ts'
import { putHeaders } from './mail-headers.ts'
import { putMarks, takeMarks } from './mail-marks.ts'
import { fieldOf } from './mime/mail-header.ts'
import { bytesOfPart, type MimePart, readMime } from './mime/mime-part.ts'

/**
 * An e-mail (RFC 5322 and MIME) as one story: a press release, or an agency's bulletin. Its subject is the headline, its text the body, its
 * attachments associations. Reads the bytes, part by part, each in its own encoding. Attachments that are messages themselves are unpacked
 * before this is asked.
 */
export const email: WireFormat = {
  name: 'email',
  readsBytes: true,

  recognises: ({ bytes }) => looksLikeMail(bytes),

  parse({ bytes }, context) {
    const mail = readMime(bytes)
    if (mail.kind !== 'pass') return mail
    const root = mail.value
    if (root.fields.length === 0) return reject('malformed', 'no header')
    const unread = encryptedOrReport(root)
    return unread ?? pass([itemOf(root, context)])
  },
}

const encrypted = new Set(['multipart/encrypted', 'application/pkcs7-mime', 'application/x-pkcs7-mime'])

function encryptedOrReport({ type, fields }: MimePart): Outcome<never> | null {
  if (encrypted.has(type)) return reject('unsupported', `an encrypted mail: ${type}`)
  if (type === 'multipart/report') return ignore('not-a-story', 'a report about a mail')
  // RFC 3834: an answer that nobody wrote.
  const isAutomatic = /^auto-(?:replied|notified)/i.test(fieldOf(fields, 'auto-submitted') ?? '')
  return isAutomatic ? ignore('not-a-story', 'an automatic answer') : null
}

function itemOf(root: MimePart, context: ParseContext): Outcome<ParsedItem> {
  const story: Draft<Story> = {}
  const flags = new Set<string>()
  putHeaders(root.fields, story, { timezone: context.feed.timezone, flags })
  const { texts, attachments } = contentOf(root)
  const body = bodyOf(texts)
  if (body.isCut) return reject('malformed', 'the mail ends within its text')
  if (body.text === '' && attachments.length > 0 && story.headlines === undefined)
    return ignore('not-a-story', 'nothing but attachments')
  if (body.text === '' && story.headlines === undefined) return reject('no-story', 'neither subject nor text')
  const marked = takeMarks(story.headlines?.[0]?.value ?? '', body, context)
  const unusable = unusableBy(marked.marks)
  if (unusable !== null) return unusable
  putMarks(story, marked, flags)
  const rest = marked.marks.find((mark) => mark.rest !== undefined)?.rest
  if (rest !== undefined) story.headlines = [{ value: rest }]
  if (marked.body.text !== '') {
    story.bodyHtml = marked.body.html
    story.bodyText = marked.body.text
  }
  put(story, 'edNotes', [...(story.edNotes ?? []), ...marked.notes])
  if (body.isCharsetDetected) flags.add('charset-detected')
  put(story, 'associations', associationsOf(attachments, story.id))
  if (attachments.some(({ isCut }) => isCut)) flags.add('attachment-cut-off')
  put(story, 'flags', [...flags])
  return pass({ story, source: sourceOf(root, body, attachments) })
}

/** A mail names no story that could be recalled: what it says of another is for a person. */
function unusableBy(marks: readonly DeskMark[]): Outcome<never> | null {
  if (marks.some(({ kind }) => kind === 'test')) return ignore('test-message', 'a mail that says it is a test')
  const isKill = marks.some(({ kind }) => kind === 'kill')
  return isKill ? reject('kill-without-id', 'a mail that says to kill a story') : null
}

/** Fields that the writer gave; the others tell of the way that the mail took. */
const own = ['message-id', 'from', 'subject', 'date', 'keywords', 'comments', 'supersedes', 'content-language']

/** The mail without its way and its wrapping: the same however it was encoded for transport. */
function sourceOf(root: MimePart, body: MailBody, attachments: readonly MimePart[]): string {
  return JSON.stringify([
    own.map((name) => fieldOf(root.fields, name) ?? null),
    body.html,
    body.notes,
    attachments.map((part) => [part.type, part.fileName ?? null, bytesOfPart(part).byteLength]),
  ])
}
