import { type Attributes, attributesOf, isSafeLink } from './body-text.ts'

/** The inline elements that are open. Each method answers with the mark-up to write. */
export interface InlineStack {
  open(tag: string, attributes: Attributes): void
  close(tag: string): string
  /** The starts of those that are not written yet; called before text. */
  start(): string
  /** The ends of all that are written; they start again with the next text, links excepted. */
  interrupt(): string
}

interface Inline {
  readonly tag: string
  readonly start: string
  isWritten: boolean
}

/** More at once would multiply in what is written; so would a long link carried into every paragraph. */
const mostInlines = 4

/** Writes an element only when there is text in it, and never one within its like. */
export function inlineStack(): InlineStack {
  const stack: Inline[] = []
  /** How many elements of each tag are open. */
  const counts = new Map<string, number>()

  /** From the innermost to number `at`. */
  function endsDownTo(at: number): string {
    let ends = ''
    for (let index = stack.length - 1; index >= at; index--) {
      const inline = stack[index]
      if (!inline?.isWritten) continue
      ends += `</${inline.tag}>`
      inline.isWritten = false
    }
    return ends
  }

  return {
    open(tag, attributes) {
      const count = counts.get(tag) ?? 0
      counts.set(tag, count + 1)
      if (count > 0 || stack.length >= mostInlines) return
      if (tag === 'a' && !isSafeLink(attributes.href)) return
      stack.push({ tag, start: `<${tag}${attributesOf(tag, attributes)}>`, isWritten: false })
    },

    close(tag) {
      const count = counts.get(tag) ?? 0
      if (count === 0) return ''
      counts.set(tag, count - 1)
      const at = count > 1 ? -1 : stack.findIndex((inline) => inline.tag === tag)
      if (at < 0) return ''
      const ends = endsDownTo(at)
      stack.splice(at, 1)
      return ends
    },

    start() {
      let starts = ''
      for (const inline of stack) {
        if (inline.isWritten) continue
        starts += inline.start
        inline.isWritten = true
      }
      return starts
    },

    interrupt() {
      if (stack.length === 0) return ''
      const ends = endsDownTo(0)
      const link = stack.findIndex(({ tag }) => tag === 'a')
      if (link >= 0) stack.splice(link, 1)
      return ends
    },
  }
}
