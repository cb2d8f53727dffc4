import { type BodyWriter, bodyWriter, type CleanBody } from '../body/body-writer.ts'
import { everyBreak, unwrap, widthOf } from './unwrap.ts'

const none = {}
const listItem = /^\s*[*•]\s+|^\s{1,4}-\s+/
const gap = /[^\s.!?] {2,}(?=\S)/g
const indent = /^(?:\t| {2,})/

/**
 * The lines of a teleprinter's text as a body. Empty lines part paragraphs; where `isIndented`, so does an indent. Rows between bars
 * become a table, lines in columns stay as they are, lines with stars become a list, and what a width broke is whole again.
 */
export function writeText(lines: readonly string[], isIndented = false): CleanBody {
  const writer = bodyWriter()
  const isParted = isIndented && lines.some((line) => indent.test(line))
  const width = isParted ? everyBreak : widthOf(lines)
  for (const block of blocksOf(lines, isIndented)) writeBlock(writer, block, width)
  return writer.end()
}

/** The lines as they are, for a text that is one table. */
export function writePreformatted(lines: readonly string[]): CleanBody {
  const writer = bodyWriter()
  pre(writer, lines)
  return writer.end()
}

function blocksOf(lines: readonly string[], isIndented: boolean): string[][] {
  const blocks: string[][] = []
  let open: string[] = []
  const close = (): void => {
    if (open.length > 0) blocks.push(open)
    open = []
  }
  for (const line of lines) {
    if (line.trim() === '') close()
    else {
      const isFirst = isIndented && indent.test(line) && !hasColumns(line)
      if (isFirst) close()
      open.push(line)
    }
  }
  close()
  return blocks
}

type Kind = 'row' | 'columns' | 'text'

interface Run {
  readonly kind: Kind
  readonly lines: string[]
}

function writeBlock(writer: BodyWriter, block: readonly string[], width: number): void {
  for (const { kind, lines } of runsOf(block)) {
    if (kind === 'row') table(writer, lines)
    else if (kind === 'columns') pre(writer, lines)
    else if (listItem.test(lines[0] ?? '')) list(writer, lines, width)
    else paragraph(writer, 'p', unwrap(lines, width))
  }
}

/** Neighbouring lines of one kind. One line in columns is none: a typist's gap. */
function runsOf(block: readonly string[]): Run[] {
  const runs: Run[] = []
  block.forEach((line, at) => {
    const kind = kindOf(line, block[at - 1], block[at + 1])
    const open = runs.at(-1)
    if (open?.kind === kind) open.lines.push(line)
    else runs.push({ kind, lines: [line] })
  })
  return runs
}

function kindOf(line: string, before: string | undefined, after: string | undefined): Kind {
  if (isRow(line)) return 'row'
  const hasNeighbour = (before !== undefined && hasColumns(before)) || (after !== undefined && hasColumns(after))
  return hasNeighbour && hasColumns(line) ? 'columns' : 'text'
}

/** "| FC Augsburg | - | 2:1 |" */
const isRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line)

/** Two gaps within the line, or a wide one. A gap behind a full stop is a typist's. */
function hasColumns(line: string): boolean {
  const text = line.trim()
  return /[^\s.!?] {4,}\S|[^ ]\t\S/.test(text) || (text.match(gap)?.length ?? 0) > 1
}

function paragraph(writer: BodyWriter, tag: string, lines: readonly string[]): void {
  writer.open(tag, none)
  lines.forEach((line, at) => {
    if (at > 0) {
      writer.open('br', none)
      writer.close('br')
    }
    writer.text(line)
  })
  writer.close(tag)
}

function list(writer: BodyWriter, lines: readonly string[], width: number): void {
  const items: string[][] = []
  for (const line of lines) {
    if (listItem.test(line)) items.push([line.replace(listItem, '')])
    else items.at(-1)?.push(line)
  }
  writer.open('ul', none)
  for (const item of items) paragraph(writer, 'li', unwrap(item, width))
  writer.close('ul')
}

function table(writer: BodyWriter, rows: readonly string[]): void {
  writer.open('table', none)
  for (const row of rows) {
    writer.open('tr', none)
    for (const cell of row.trim().slice(1, -1).split('|')) {
      writer.open('td', none)
      writer.text(cell.trim())
      writer.close('td')
    }
    writer.close('tr')
  }
  writer.close('table')
}

function pre(writer: BodyWriter, lines: readonly string[]): void {
  writer.open('pre', none)
  writer.text(lines.map((line) => line.trimEnd()).join('\n'))
  writer.close('pre')
}
