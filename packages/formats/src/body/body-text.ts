export type Attributes = Readonly<Record<string, string>>

const special = /[&<>]/
const whiteRun = /[\t\n\r\f]| {2}/
/** What XML does not allow, and controls that no reader shows. */
const unprintable = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/u
const longestLink = 2_000

export function escapeText(text: string): string {
  if (!special.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;')

/** Runs of white space as one space, none at the ends; non-breaking spaces stay within. */
export function squeeze(text: string): string {
  const trimmed = text.trim()
  return whiteRun.test(trimmed) ? trimmed.replace(/[ \t\n\r\f]+/g, ' ') : trimmed
}

/** Without control characters, and well formed. */
export function printable(text: string): string {
  const clean = unprintable.test(text) ? text.replace(new RegExp(unprintable, 'gu'), '') : text
  return clean.isWellFormed() ? clean : clean.toWellFormed()
}

/** Links that lead a reader somewhere and run nothing. */
export const isSafeLink = (href: string | undefined): href is string =>
  href !== undefined && href.length <= longestLink && /^\s*(?:https?:\/\/|mailto:)[^\s\p{Cc}]+\s*$/iu.test(href)

/** The attributes that an element keeps, ready to write. */
export function attributesOf(tag: string, attributes: Attributes): string {
  if (tag === 'a') return isSafeLink(attributes.href) ? ` href="${escapeAttribute(attributes.href.trim())}"` : ''
  if (tag !== 'td' && tag !== 'th') return ''
  return span('colspan', attributes.colspan) + span('rowspan', attributes.rowspan)
}

const span = (name: string, value: string | undefined): string =>
  value !== undefined && /^[1-9]\d{0,2}$/.test(value) && value !== '1' ? ` ${name}="${value}"` : ''
