import type { HeaderField } from '../email/mime/mail-header.ts'
import { bytesOfPart, type MimePart, readMime } from '../email/mime/mime-part.ts'
import { lineParts } from './line-parts.ts'
import { changed, type MessagePart } from './message-part.ts'

/** How a mail is wrapped: changed, it is another mail, and tells nothing of where a field comes from. */
const wrapping = new Set(['mime-version', 'content-type', 'content-transfer-encoding', 'content-disposition'])

/** A picture would be written anew for every header. */
const enoughOfAFile = 100

interface Leaf {
  readonly part: MimePart
  /** What it is called: `part 2 (text/html)`, or `the text` where the mail has no parts. */
  readonly name: string
  readonly isText: boolean
}

export interface MailParts {
  /** The mail with its texts decoded, one character a byte: what the parts change. */
  readonly text: string
  readonly parts: readonly MessagePart[]
}

/**
 * The headers of a mail by their names, the lines of its texts as they read when decoded, and its attachments. null where it cannot be read.
 * The numbers of parts and lines are those that a mail program shows, not places in the file.
 */
export function mailParts(bytes: Uint8Array): MailParts | null {
  const mail = readMime(bytes)
  if (mail.kind !== 'pass') return null
  const root = mail.value
  const leaves = leavesOf(root)
  const written = (edit: Edit): string => write(root, edit)
  return {
    text: written({}),
    parts: [
      ...root.fields.filter(({ name }) => !wrapping.has(name)).map((field) => headerPart(field, '', written)),
      ...leaves.flatMap((leaf) => (leaf.isText ? textParts(leaf, written) : attachmentParts(leaf, root, written))),
    ],
  }
}

/** One thing that is otherwise in a mail that is written. */
interface Edit {
  /** null: without it. */
  readonly field?: { readonly of: HeaderField; readonly value: string | null }
  readonly content?: { readonly of: MimePart; readonly text: string }
  readonly without?: MimePart
}
type Written = (edit: Edit) => string

function headerPart(field: HeaderField, where: string, written: Written): MessagePart {
  return {
    path: `${spelled(field.name)} header${where}`,
    changed: () => [written({ field: { of: field, value: changed(field.value) } })],
    without: () => written({ field: { of: field, value: null } }),
  }
}

function textParts({ part, name }: Leaf, written: Written): MessagePart[] {
  return lineParts(decoded(part)).map((line) => {
    const withText = (text: string): string => written({ content: { of: part, text } })
    return {
      ...line,
      path: `${line.path} of ${name}`,
      changed: () => [...line.changed()].map(withText),
      without: () => withText(line.without()),
    }
  })
}

/** Its headers are only changed: without its type it would be something else, and the mail too. */
function attachmentParts({ part, name }: Leaf, root: MimePart, written: Written): MessagePart[] {
  const headers = part.fields
    .filter(({ name }) => name.startsWith('content-') && name !== 'content-transfer-encoding')
    .map((field) => ({ ...headerPart(field, ` of ${name}`, written), without: () => written({}) }))
  if (part === root) return []
  return [...headers, { path: name, changed: () => [], without: () => written({ without: part }) }]
}

/** In the order of the mail, counted from 1. */
function leavesOf(root: MimePart): Leaf[] {
  if (root.children.length === 0) return [{ part: root, name: 'the text', isText: isText(root) }]
  const flat = (part: MimePart): MimePart[] => (part.children.length === 0 ? [part] : part.children.flatMap(flat))
  return flat(root).map((part, at) => ({ part, name: `part ${at + 1} (${part.type})`, isText: isText(part) }))
}

const isText = ({ type, disposition, fileName }: MimePart): boolean =>
  (type === 'text/plain' || type === 'text/html') && disposition !== 'attachment' && fileName === undefined

const decoded = (part: MimePart): string => bytesOfPart(part).toString('latin1')

/** The mail again: the same to a reader of mails. Texts are written as they are, so that a change of a letter is one. */
function write(part: MimePart, edit: Edit): string {
  const isPlain = part.children.length === 0 && isText(part)
  const fields = part.fields.flatMap((field) => {
    if (isPlain && field.name === 'content-transfer-encoding') return []
    const value = field === edit.field?.of ? edit.field.value : field.value
    return value === null ? [] : [`${field.name}: ${value}\n`]
  })
  const head = `${fields.join('')}${isPlain ? 'content-transfer-encoding: 8bit\n' : ''}\n`
  if (part === edit.content?.of) return head + edit.content.text
  if (part.children.length === 0) return head + (isPlain ? decoded(part) : part.content.slice(0, enoughOfAFile))
  const mark = `--${part.parameters.get('boundary') ?? ''}`
  const children = part.children.filter((child) => child !== edit.without)
  return `${head}${children.map((child) => `${mark}\n${write(child, edit)}\n`).join('')}${mark}--\n`
}

/** As mails mostly write it: `Message-ID`. */
const spelled = (name: string): string =>
  name.replace(/[^-]+/g, (word) => (word === 'id' ? 'ID' : word.charAt(0).toUpperCase() + word.slice(1)))
