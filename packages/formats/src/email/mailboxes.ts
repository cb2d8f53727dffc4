import { decodeWords } from './mime/encoded-words.ts'

export interface Mailbox {
  readonly name?: string
  readonly address?: string
}

const longestField = 5_000
const mostMailboxes = 20

/** The mailboxes of a field such as From (RFC 5322 3.4), groups taken apart. */
export function mailboxesIn(field: string | undefined): Mailbox[] {
  return split((field ?? '').slice(0, longestField))
    .slice(0, mostMailboxes)
    .flatMap((text) => {
      const mailbox = mailboxOf(text.trim())
      return mailbox === null ? [] : [mailbox]
    })
}

/** At commas and semicolons that stand neither in quotes, nor in a comment, nor within `<…>`. */
function split(text: string): string[] {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at++
    else if (sign === '"') isQuoted = !isQuoted
    else if (isQuoted) continue
    else if (sign === '(' || sign === '<') depth++
    else if (sign === ')' || sign === '>') depth = Math.max(0, depth - 1)
    else if (depth === 0 && (sign === ',' || sign === ';')) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function mailboxOf(text: string): Mailbox | null {
  const open = text.lastIndexOf('<')
  const close = text.indexOf('>', open)
  const isAngled = open >= 0 && close > open
  const comment = isAngled ? null : /^([^\s()]+)\s*\(([^()]*)\)$/.exec(text)
  const address = (isAngled ? text.slice(open + 1, close) : (comment?.[1] ?? text)).trim()
  const name = nameOf(isAngled ? text.slice(0, open) : (comment?.[2] ?? ''))
  const isAddress = /^[^\s@<>()"]{1,200}@[^\s@<>()"]{1,255}$/.test(address)
  if (!isAddress && name === '') return null
  return { ...(name === '' ? {} : { name }), ...(isAddress ? { address } : {}) }
}

function nameOf(phrase: string): string {
  const trimmed = phrase.trim()
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(trimmed)?.[1]
  // Encoded words in quotes are forbidden and common.
  return decodeWords(quoted === undefined ? trimmed : quoted.replace(/\\(.)/gs, '$1'))
}
