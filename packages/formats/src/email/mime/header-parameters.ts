import { Buffer } from 'node:buffer'
import { textOfBytes } from './text-of-bytes.ts'

/** A structured field: "text/plain; charset=utf-8". */
export interface StructuredField {
  /** In lower case. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

const longestField = 10_000
const mostParameters = 50
const parameter = /;\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/gs

/** Its value and its parameters (RFC 2045 5.1), with those that RFC 2231 cuts in pieces or encodes put together. */
export function readStructured(field: string | undefined): StructuredField {
  const text = (field ?? '').slice(0, longestField)
  const pieces = new Map<string, { readonly order: number; readonly text: string; readonly isEncoded: boolean }[]>()
  for (const [, written = '', quoted, bare = ''] of text.matchAll(parameter)) {
    const value = quoted === undefined ? bare.trim() : quoted.replace(/\\(.)/gs, '$1')
    const [, name = '', order = '0', star = ''] = /^([^*]*)(?:\*(\d{1,3}))?(\*)?$/.exec(written.toLowerCase()) ?? []
    if (name === '' || (pieces.size >= mostParameters && !pieces.has(name))) continue
    const list = pieces.get(name) ?? []
    list.push({ order: Number(order), text: value, isEncoded: star !== '' })
    pieces.set(name, list)
  }
  const parameters = new Map<string, string>()
  for (const [name, list] of pieces) parameters.set(name, joined(list))
  return { value: (/^[^;\s]*/.exec(text.trim())?.[0] ?? '').toLowerCase(), parameters }
}

type Piece = { readonly order: number; readonly text: string; readonly isEncoded: boolean }

function joined(pieces: readonly Piece[]): string {
  const inOrder = pieces.toSorted((a, b) => a.order - b.order)
  const [first] = inOrder
  if (first === undefined || !inOrder.some(({ isEncoded }) => isEncoded)) {
    // A name given twice counts once; pieces are numbered.
    return inOrder
      .filter(({ order }, at) => order === at)
      .map(({ text }) => text)
      .join('')
  }
  const [, charset = '', rest = first.text] = /^([^']{0,60})'[^']{0,60}'(.*)$/s.exec(first.text) ?? []
  const bytes = inOrder
    .map(({ text, isEncoded }, at) => (isEncoded ? unescaped(at === 0 ? rest : text) : text))
    .join('')
  return textOfBytes(Buffer.from(bytes, 'latin1'), charset).text
}

const unescaped = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
