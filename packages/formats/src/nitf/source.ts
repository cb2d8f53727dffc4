import type { XmlElement } from '../xml/xml-tree.ts'

/** The document as sent, without the elements that tell of its transmission. */
export function sourceOf(root: XmlElement, text: string, transmission: readonly XmlElement[]): string {
  const left = [...transmission].sort((a, b) => a.start - b.start)
  let source = ''
  let at = root.start
  for (const { start, end } of left) {
    if (start < at) continue
    source += text.slice(at, start).trimEnd()
    at = end
  }
  return source + text.slice(at, root.end)
}
