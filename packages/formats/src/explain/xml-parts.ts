import { changed, type MessagePart } from './message-part.ts'

/** A comment, a section, an instruction, or a tag, whose attributes may hold `>`. */
const markup = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[?!][^>]*>|<\/?([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*)>/g
const attribute = /([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Attributes, texts and empty elements of a well-formed document, by local names. Namespaces stay as they are. */
export function xmlParts(text: string): MessagePart[] {
  const parts: MessagePart[] = []
  const open: string[] = []
  let at = 0
  for (const found of text.matchAll(markup)) {
    const [whole, name, rest = ''] = found
    addText(parts, text, { from: at, to: found.index, path: open.join('/') })
    at = found.index + whole.length
    if (whole.startsWith('<![CDATA[')) {
      addText(parts, text, { from: found.index + 9, to: at - 3, path: open.join('/') })
    } else if (whole.startsWith('</')) open.pop()
    else if (name !== undefined) {
      open.push(localName(name))
      addAttributes(parts, text, { from: found.index + 1 + name.length, rest, path: open.join('/') })
      const isClosed = whole.endsWith('/>')
      if (isClosed && rest.replace('/', '').trim() === '')
        parts.push({
          path: open.join('/'),
          changed: () => [],
          without: () => text.slice(0, found.index) + text.slice(found.index + whole.length),
        })
      if (isClosed) open.pop()
    }
  }
  return parts
}

interface Place {
  readonly from: number
  readonly to: number
  readonly path: string
}

function addText(parts: MessagePart[], text: string, { from, to, path }: Place): void {
  const value = text.slice(from, to)
  if (path === '' || value.trim() === '') return
  parts.push({ path, ...replaceable(text, { from, to }) })
}

function addAttributes(
  parts: MessagePart[],
  text: string,
  { from, rest, path }: { readonly from: number; readonly rest: string; readonly path: string },
): void {
  for (const found of rest.matchAll(attribute)) {
    const [whole, name = '', double, single] = found
    const value = double ?? single ?? ''
    if (name === 'xmlns' || name.startsWith('xmlns:') || value === '') continue
    const to = from + found.index + whole.length - 1
    parts.push({
      path: `${path}/@${localName(name)}`,
      ...replaceable(text, { from: to - value.length, to }),
    })
  }
}

function replaceable(text: string, { from, to }: Omit<Place, 'path'>): Pick<MessagePart, 'changed' | 'without'> {
  const written = (other: string): string => text.slice(0, from) + other + text.slice(to)
  return { changed: () => [written(changed(text.slice(from, to)))], without: () => written('') }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)
