import type { Refusal, TreeBuilder } from './tree-builder.ts'

const greaterThan = 62
const slash = 47
const equals = 61
const doubleQuote = 34
const singleQuote = 39
const space = 32
const newline = 10
const tab = 9

const declaration =
  /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])[A-Za-z][A-Za-z0-9._-]*\2)?(?: standalone=(["'])(?:yes|no)\3)? ?\?>/
/** Not characters of XML 1.0. */
const forbidden = /[[\p{Cc}\ufffe\uffff]--[\t\n\x7f-\x9f]]/v
/** With their values; an element with more is left to saxes, which looks for repeats quicker. */
const maxAttributes = 100
const noAttributes: readonly string[] = []

/**
 * Reads a plain document at several times the speed of saxes; a refusal is the builder's. Answers false at whatever it is not made for (document types, processing
 * instructions, names beyond ASCII, named characters, any fault), and then saxes decides. What it takes, saxes takes too and with
 * the same tree: see `scan-xml.test.ts`.
 */
export function scanXml(text: string, builder: TreeBuilder): boolean | Refusal {
  if (forbidden.test(text) || !text.isWellFormed()) return false
  const hasEntities = text.includes('&')
  const hasSectionEnds = text.includes(']]>')
  const open: string[] = []
  let isRootSeen = false
  let at = 0
  if (text.startsWith('<?xml')) {
    const found = declaration.exec(text)
    if (found === null) return false
    at = found[0].length
  }
  for (;;) {
    const tag = text.indexOf('<', at)
    if (tag !== at) {
      const data = tag < 0 ? text.slice(at) : text.slice(at, tag)
      if (open.length === 0) {
        if (!isBlank(data)) return false
        if (tag < 0) return isRootSeen
      } else if (tag < 0 || (hasSectionEnds && data.includes(']]>'))) {
        return false
      } else {
        const decoded = hasEntities ? decodeEntities(data) : data
        if (decoded === null) return false
        builder.text(decoded)
      }
    }
    const code = text.charCodeAt(tag + 1)
    if (code === slash) {
      const name = open.pop()
      if (name === undefined || !text.startsWith(name, tag + 2)) return false
      at = tag + 2 + name.length
      while (isSpace(text.charCodeAt(at))) at++
      if (text.charCodeAt(at) !== greaterThan) return false
      at++
      builder.close(at)
      continue
    }
    if (code === 33) {
      if (text.startsWith('<!--', tag)) {
        const end = text.indexOf('--', tag + 4)
        if (end < 0 || text.charCodeAt(end + 2) !== greaterThan) return false
        at = end + 3
      } else {
        if (open.length === 0 || !text.startsWith('<![CDATA[', tag)) return false
        const end = text.indexOf(']]>', tag + 9)
        if (end < 0) return false
        builder.text(text.slice(tag + 9, end))
        at = end + 3
      }
      continue
    }
    if (open.length === 0) {
      if (isRootSeen) return false
      isRootSeen = true
    }
    const nameEnd = endOfName(text, tag + 1)
    if (nameEnd < 0) return false
    const name = text.slice(tag + 1, nameEnd)
    at = nameEnd
    let attributes: string[] | null = null
    for (;;) {
      const before = at
      let next = text.charCodeAt(at)
      while (isSpace(next)) next = text.charCodeAt(++at)
      if (next === greaterThan || next === slash) break
      if (at === before) return false
      const end = endOfName(text, at)
      if (end < 0) return false
      const attribute = text.slice(at, end)
      at = end
      while (isSpace(text.charCodeAt(at))) at++
      if (text.charCodeAt(at) !== equals) return false
      at++
      let quote = text.charCodeAt(at)
      while (isSpace(quote)) quote = text.charCodeAt(++at)
      if (quote !== doubleQuote && quote !== singleQuote) return false
      const close = text.indexOf(quote === doubleQuote ? '"' : "'", at + 1)
      if (close < 0) return false
      const value = attributeValue(text.slice(at + 1, close), hasEntities)
      if (value === null) return false
      if (attributes === null) attributes = [attribute, value]
      else {
        if (attributes.length > maxAttributes || hasAttribute(attributes, attribute)) return false
        attributes.push(attribute, value)
      }
      at = close + 1
    }
    const isEmpty = text.charCodeAt(at) === slash
    if (isEmpty) at++
    if (text.charCodeAt(at) !== greaterThan) return false
    at++
    const refusal = builder.open(name, attributes ?? noAttributes, tag)
    if (refusal !== null) return refusal
    if (isEmpty) builder.close(at)
    else open.push(name)
  }
}

function hasAttribute(attributes: readonly string[], name: string): boolean {
  for (let at = 0; at < attributes.length; at += 2) if (attributes[at] === name) return true
  return false
}

const isSpace = (code: number): boolean => code === space || code === newline || code === tab

/** Behind the name that begins at `start`; -1 where none does that this scanner knows. */
function endOfName(text: string, start: number): number {
  const first = text.charCodeAt(start)
  if (!isLetter(first) && first !== 95) return -1
  let at = start + 1
  for (;;) {
    const code = text.charCodeAt(at)
    if (isLetter(code) || (code >= 48 && code <= 58) || code === 45 || code === 46 || code === 95) at++
    else return code < 128 ? at : -1
  }
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

function isBlank(data: string): boolean {
  for (let at = 0; at < data.length; at++) if (!isSpace(data.charCodeAt(at))) return false
  return true
}

function attributeValue(raw: string, hasEntities: boolean): string | null {
  if (raw.includes('<')) return null
  const spaced = raw.includes('\n') || raw.includes('\t') ? raw.replace(/[\n\t]/g, ' ') : raw
  return hasEntities ? decodeEntities(spaced) : spaced
}

/** null at one that it does not know. */
function decodeEntities(data: string): string | null {
  let amp = data.indexOf('&')
  if (amp < 0) return data
  let decoded = ''
  let at = 0
  while (amp >= 0) {
    const end = data.indexOf(';', amp)
    if (end < 0 || end - amp > 12) return null
    const character = characterOf(data.slice(amp + 1, end))
    if (character === null) return null
    decoded += data.slice(at, amp) + character
    at = end + 1
    amp = data.indexOf('&', at)
  }
  return decoded + data.slice(at)
}

function characterOf(entity: string): string | null {
  switch (entity) {
    case 'amp':
      return '&'
    case 'lt':
      return '<'
    case 'gt':
      return '>'
    case 'quot':
      return '"'
    case 'apos':
      return "'"
  }
  const found = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(entity)
  if (found === null) return null
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16)
  const isCharacter =
    code === tab ||
    code === newline ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return isCharacter ? String.fromCodePoint(code) : null
}
