import { bodyElement } from './body-elements.ts'
import { type Attributes, attributesOf, escapeText, printable, squeeze } from './body-text.ts'
import { inlineStack } from './inline-stack.ts'

/** A body as clean XHTML and as plain text whose paragraphs are parted by an empty line. */
export interface CleanBody {
  readonly html: string
  readonly text: string
}

/** Takes the events of a marked-up text, well formed or not, and writes only what the list of elements allows. */
export interface BodyWriter {
  /** `name`: local name in lower case. */
  open(name: string, attributes: Attributes): void
  close(name: string): void
  text(data: string): void
  end(): CleanBody
}

interface Container {
  readonly tag: string
  readonly start: string
  isWritten: boolean
  hasContent: boolean
  /** Of a row: cells without text, which are written once a later cell has some, so that columns keep their place. */
  emptyCells: number
}

/** Gaps in the plain text, the wider one wins. */
const gaps = [' ', '\t', '\n', '\n\n'] as const
const space = 0
const cellGap = 1
const lineGap = 2
const paragraphGap = 3

const deepestContainers = 20
/** Stray text in them is wrapped, so that the XHTML stays valid. */
const wrappers: Readonly<Record<string, readonly [string, string]>> = {
  ul: ['<li>', '</li>'],
  ol: ['<li>', '</li>'],
  dl: ['<dd>', '</dd>'],
  tr: ['<td>', '</td>'],
  table: ['<tr><td>', '</td></tr>'],
  thead: ['<tr><td>', '</td></tr>'],
  tbody: ['<tr><td>', '</td></tr>'],
  tfoot: ['<tr><td>', '</td></tr>'],
}
const inlineOnly = new Set(['dt', 'caption'])

/** Elements are written only once they hold text. Linear in the input, however it is nested. */
export function bodyWriter(): BodyWriter {
  let html = ''
  let text = ''
  let gap: number = space
  let tabsDue = 0
  let dropped = 0
  const containers: Container[] = []
  /** For each open element that may be a container, whether it was taken as one. */
  const taken: boolean[] = []
  const inlines = inlineStack()
  let paragraphTag: string | null = null

  let isInBlock = false
  let blockHtml = ''
  let blockText = ''
  let blockStart = ''
  let blockEnd = ''
  let isSpaceDue = false
  let breaksDue = 0

  function breakBlock(): void {
    isSpaceDue = false
    breaksDue = 0
    const ends = inlines.interrupt()
    if (!isInBlock) return
    html += blockStart + blockHtml + ends + blockEnd
    text += blockText
    isInBlock = false
  }

  function widenGap(kind: number): void {
    if (kind > gap) gap = kind
  }

  const isAtTop = (): boolean => {
    const parent = containers.at(-1)
    return parent === undefined || parent.tag === 'blockquote'
  }

  function startBlock(): void {
    for (let index = 0; index < containers.length; index++) writeStart(index)
    const parent = containers.at(-1)
    const bare = parent !== undefined && parent.tag !== 'blockquote'
    const wrapper = parent === undefined ? undefined : wrappers[parent.tag]
    const least = !bare || !parent.hasContent || parent.tag === 'td' || parent.tag === 'th' ? space : lineGap
    if (text !== '') text += gaps[Math.max(gap, least)]
    if (tabsDue > 0) text += '\t'.repeat(tabsDue)
    gap = space
    tabsDue = 0
    const isTagless =
      bare && (inlineOnly.has(parent.tag) || (paragraphTag === null && !parent.hasContent) || parent.tag === 'pre')
    if (wrapper !== undefined) [blockStart, blockEnd] = wrapper
    else if (isTagless) {
      blockStart = parent.hasContent ? ' ' : ''
      blockEnd = ''
    } else {
      const tag = paragraphTag ?? 'p'
      blockStart = `<${tag}>`
      blockEnd = `</${tag}>`
    }
    if (parent !== undefined) parent.hasContent = true
    blockHtml = ''
    blockText = ''
    isInBlock = true
  }

  function writeStart(index: number): void {
    const container = containers[index]
    if (container === undefined || container.isWritten) return
    if (container.tag === 'td' || container.tag === 'th') writeEmptyCells(containers[index - 1])
    html += container.start
    container.isWritten = true
  }

  function writeEmptyCells(row: Container | undefined): void {
    if (row === undefined || row.emptyCells === 0) return
    html += '<td></td>'.repeat(row.emptyCells)
    tabsDue = row.emptyCells
    row.emptyCells = 0
  }

  function openContainer(tag: string, within: ReadonlySet<string>, attributes: Attributes): void {
    breakBlock()
    const isTaken = containers.length < deepestContainers && within.has(containers.at(-1)?.tag ?? '')
    taken.push(isTaken)
    widenGap(isTaken ? gapAround(tag) : paragraphGap)
    if (!isTaken) return
    const start = `<${tag}${attributesOf(tag, attributes)}>`
    containers.push({ tag, start, isWritten: false, hasContent: false, emptyCells: 0 })
  }

  function closeContainer(): void {
    breakBlock()
    const isTaken = taken.pop()
    const container = isTaken ? containers.pop() : undefined
    if (container === undefined) {
      widenGap(paragraphGap)
      return
    }
    const { tag, isWritten } = container
    const row = containers.at(-1)
    if (isWritten) {
      if (tag === 'tr') {
        writeEmptyCells(container)
        tabsDue = 0
      }
      html += `</${tag}>`
      widenGap(gapAround(tag))
    } else if ((tag === 'td' || tag === 'th') && row !== undefined) row.emptyCells++
  }

  function gapAround(tag: string): number {
    if (tag === 'td' || tag === 'th') return cellGap
    if (tag === 'li' || tag === 'dt' || tag === 'dd' || tag === 'caption' || tag.startsWith('t')) {
      if (tag !== 'table') return lineGap
    }
    return isAtTop() ? paragraphGap : lineGap
  }

  /** Two line breaks at the top part paragraphs. */
  function partParagraphs(): void {
    if (!isInBlock || breaksDue < 2 || !isAtTop()) return
    breakBlock()
    widenGap(paragraphGap)
  }

  function writeDue(isSpaceBefore: boolean): void {
    partParagraphs()
    if (!isInBlock) startBlock()
    else if (breaksDue > 0) {
      blockHtml += '<br />'
      blockText += '\n'
    } else if (isSpaceBefore) {
      blockHtml += ' '
      blockText += ' '
    }
    isSpaceDue = false
    breaksDue = 0
    blockHtml += inlines.start()
  }

  function preformatted(data: string): void {
    const clean = printable(data).replace(/\r\n?/g, '\n')
    if (!isInBlock && clean.trim() === '') return
    writeDue(false)
    blockHtml += escapeText(clean)
    blockText += clean
  }

  return {
    open(name, attributes) {
      if (dropped > 0) {
        dropped++
        return
      }
      const element = bodyElement(name)
      switch (element?.kind) {
        case undefined:
          return
        case 'paragraph':
          breakBlock()
          paragraphTag = element.tag
          return widenGap(isAtTop() ? paragraphGap : space)
        case 'inline':
          // Before it opens: a link ends with its paragraph.
          partParagraphs()
          return inlines.open(element.tag, attributes)
        case 'container':
          return openContainer(element.tag, element.within, attributes)
        case 'break':
          breakBlock()
          return widenGap(isAtTop() ? paragraphGap : space)
        case 'line':
          if (isInBlock) breaksDue++
          return
        case 'drop':
          dropped = 1
      }
    },

    close(name) {
      if (dropped > 0) {
        dropped--
        return
      }
      const element = bodyElement(name)
      switch (element?.kind) {
        case 'paragraph':
          breakBlock()
          paragraphTag = null
          return widenGap(isAtTop() ? paragraphGap : space)
        case 'inline':
          blockHtml += inlines.close(element.tag)
          return
        case 'container':
          return closeContainer()
        case 'break':
          breakBlock()
          return widenGap(isAtTop() ? paragraphGap : space)
      }
    },

    text(data) {
      if (dropped > 0 || data === '') return
      if (containers.at(-1)?.tag === 'pre') return preformatted(data)
      const clean = printable(data)
      const core = squeeze(clean)
      if (core === '') {
        isSpaceDue = true
        return
      }
      writeDue(isSpaceDue || startsWithSpace(clean))
      blockHtml += escapeText(core)
      blockText += core.replaceAll('\u00a0', ' ')
      isSpaceDue = endsWithSpace(clean)
    },

    end() {
      breakBlock()
      while (taken.length > 0) closeContainer()
      return { html, text }
    },
  }
}

const startsWithSpace = (text: string): boolean => text.charCodeAt(0) <= 32 || text.charCodeAt(0) === 0xa0
const endsWithSpace = (text: string): boolean => {
  const last = text.charCodeAt(text.length - 1)
  return last <= 32 || last === 0xa0
}
