const lookCharacters = 20_000
const rootTag = /^<(?:[A-Za-z_][\w.-]{0,50}:)?nitf[\s/>]/
const ends: readonly (readonly [start: string, end: string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
]

/** Whether the first element is an nitf: other standards carry one within, so that the name alone says nothing. */
export function isNitfText(text: string): boolean {
  const look = text.slice(0, lookCharacters)
  let at = 0
  for (;;) {
    at = skipSpace(look, at)
    const found = ends.find(([start]) => look.startsWith(start, at))
    if (found !== undefined) at = endOf(look, found[1], at)
    else if (/^<!doctype/i.test(look.slice(at, at + 9))) at = endOfDoctype(look, at)
    else return rootTag.test(look.slice(at, at + 80))
    if (at < 0) return false
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  return at
}

function endOf(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at < 0 ? -1 : at + end.length
}

/** With its declarations, which are refused when the document is parsed. */
function endOfDoctype(text: string, from: number): number {
  const close = text.indexOf('>', from)
  const open = text.indexOf('[', from)
  if (open < 0 || open > close) return endOf(text, '>', from)
  const end = text.indexOf(']', open)
  return end < 0 ? -1 : endOf(text, '>', end)
}
