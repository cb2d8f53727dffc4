import { parseJson } from '../json/parse-json.ts'
import { changed, type MessagePart } from './message-part.ts'

type Container = Record<string, unknown>

/** The values of a JSON document by their keys; those of an array share a path. */
export function jsonParts(text: string): MessagePart[] {
  const parsed = parseJson(text)
  const parts: MessagePart[] = []
  if (parsed.kind === 'pass') walk(parsed.value.value, '', { root: parsed.value.value, parts })
  return parts
}

function walk(value: unknown, path: string, into: { readonly root: unknown; readonly parts: MessagePart[] }): void {
  if (typeof value !== 'object' || value === null) return
  const container = value as Container
  for (const [key, inner] of Object.entries(container)) {
    const place = Array.isArray(value) ? `${path}[]` : path === '' ? key : `${path}.${key}`
    if (typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0) walk(inner, place, into)
    else if (inner !== null) into.parts.push({ path: place, ...partOf(container, key, into.root) })
  }
}

/** Changes the value in its place, writes the document, and puts the value back. */
function partOf(container: Container, key: string, root: unknown): Pick<MessagePart, 'changed' | 'without'> {
  const written = (other: unknown): string => {
    const value = container[key]
    container[key] = other
    const text = JSON.stringify(root)
    container[key] = value
    return text
  }
  return { changed: () => othersThan(container[key]).map(written), without: () => written(null) }
}

function othersThan(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [changed(value)]
  if (typeof value === 'number') return [value + 1]
  return typeof value === 'boolean' ? [!value] : []
}
