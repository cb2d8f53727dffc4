import type { ExplainedItem, ExplainedPart, Explanation } from '@dateline/normalize'
import { paint, safe, table } from './output.ts'

const longestValue = 60
const mostSources = 4

/** An explanation for people: what the message is, then for each item its fields, their values and where they come from. */
export function readableExplanation({ bytes, parts }: Explanation, file: string): string {
  const head = paint.bold(
    `${safe(file)}, ${bytes} bytes${parts.length > 1 ? `, ${parts.length} messages packed in it` : ''}`,
  )
  return [head, ...parts.flatMap((part, at) => [...partHead(part, at, parts.length), ...partLines(part)]), ''].join(
    '\n',
  )
}

/** Which of several messages this is; lines and paths below are its own. */
function partHead({ contentType }: ExplainedPart, at: number, count: number): string[] {
  if (count === 1) return []
  return [paint.bold(`Message ${at + 1} of ${count}${contentType === undefined ? '' : `: ${safe(contentType)}`}`)]
}

function partLines({ charset, format, corrections, items, isTraceComplete }: ExplainedPart): string[] {
  const head = [
    `  charset      ${charset === undefined ? 'none: the bytes are no text' : `${charset.name}, by the ${charset.knownBy}`}`,
    `  format       ${format === undefined ? 'none recognises it' : `${format.name}, by the ${format.knownBy}`}`,
    `  corrections  ${corrections.length === 0 ? 'none' : corrections.join(', ')}`,
  ]
  const incomplete = isTraceComplete
    ? []
    : [paint.yellow('  The message is large: not every part was tried, so sources may be missing.')]
  return [...head, ...incomplete, ...items.flatMap((item) => ['', ...itemLines(item)]), '']
}

function itemLines(item: ExplainedItem): string[] {
  const above = commonFolder(item.fields.flatMap(({ from }) => from))
  const verdict =
    item.outcome === 'item'
      ? paint.green('read')
      : `${paint.red(item.outcome === 'reject' ? 'rejected' : 'ignored')}: ${item.reason} — ${safe(item.detail ?? '')}`
  const fields = item.fields.map(({ name, value, from, enrichedBy }) => [
    name,
    safe(shown(value)),
    [
      ...sources(from.map((path) => path.slice(above.length))),
      ...enrichedBy.map((enrichment) => `enrichment ${enrichment}`),
    ].join(', ') || '—',
  ])
  return [
    `Item #${item.index}: ${verdict}`,
    ...(above === '' ? [] : [`all under ${safe(above)}`]),
    ...(fields.length === 0 ? [] : [table(['field', 'value', 'from'], fields)]),
    `flags: ${item.flags.length === 0 ? 'none' : item.flags.join(', ')}`,
    `left over: ${item.unmapped.length === 0 ? 'nothing' : safe(item.unmapped.join(', '))}`,
  ]
}

/** What all paths begin with, up to a slash: of an XML message the way down to the item. */
function commonFolder([first = '', ...others]: readonly string[]): string {
  let end = first.lastIndexOf('/') + 1
  while (end > 0 && !others.every((path) => path.startsWith(first.slice(0, end))))
    end = first.lastIndexOf('/', end - 2) + 1
  return first.slice(0, end)
}

function sources(from: readonly string[]): string[] {
  const shownPaths = from.slice(0, mostSources).map(safe)
  return from.length > mostSources ? [...shownPaths, `${from.length - mostSources} more`] : shownPaths
}

/** On one line, and short. */
function shown(value: unknown): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ')
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1).toWellFormed()}…`
}
