/** Named entities that readers leave in clean HTML; all others are characters by then. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
}

/** First paragraph of a plain text body. */
export const firstParagraph = (text: string): string => {
  const end = text.indexOf('\n\n')
  return end < 0 ? text : text.slice(0, end)
}

/** Last paragraph of a plain text body; '' where it is the only one. */
export const lastParagraph = (text: string): string => {
  const start = text.lastIndexOf('\n\n')
  return start < 0 ? '' : text.slice(start + 2)
}

/** The clean HTML without its first or last `<p>`, provided that this says `text`; null when it does not. */
export function withoutParagraph(html: string, where: 'first' | 'last', text: string): string | null {
  const start = where === 'first' ? html.search(/<p[ >]/) : Math.max(html.lastIndexOf('<p>'), html.lastIndexOf('<p '))
  const end = start < 0 ? -1 : html.indexOf('</p>', start)
  if (
    end < 0 ||
    html
      .slice(0, where === 'first' ? start : 0)
      .replace(/<[^>]*>/g, '')
      .trim() !== ''
  )
    return null
  if (where === 'last' && textOf(html.slice(end)).trim() !== '') return null
  if (squeezed(textOf(html.slice(start, end))) !== squeezed(text)) return null
  return html.slice(0, start) + html.slice(end + '</p>'.length)
}

/** The clean HTML without `text` at its very start; tags stay, elements that it emptied go. null when it begins otherwise. */
export function withoutLeadingText(html: string, text: string): string | null {
  const wanted = squeezed(text).replaceAll(' ', '')
  let kept = ''
  let done = 0
  let at = 0
  while (done < wanted.length) {
    const character = html[at]
    if (character === undefined) return null
    if (character === '<') {
      const end = html.indexOf('>', at)
      if (end < 0) return null
      kept += html.slice(at, end + 1)
      at = end + 1
      continue
    }
    const [read, length] = characterAt(html, at)
    at += length
    if (/\s/.test(read)) continue
    if (wanted.slice(done, done + read.length) !== read) return null
    done += read.length
  }
  const closed = /^(?:\s*<\/[a-z0-9]+>)+/.exec(html.slice(at, at + 200))?.[0] ?? ''
  const rest = html.slice(at + closed.length).replace(/^(?:\s|&nbsp;)+/, '')
  return withoutEmptied(kept + closed.replace(/\s/g, '')) + rest
}

/** `<p><b></b>` → `<p>`: an element opened and closed around what was taken out. */
function withoutEmptied(tags: string): string {
  const shorter = tags.replace(/<([a-z0-9]+)(?: [^>]*)?><\/\1>/g, '')
  return shorter === tags ? tags : withoutEmptied(shorter)
}

function characterAt(html: string, at: number): readonly [text: string, length: number] {
  if (html[at] === '&') {
    const end = html.indexOf(';', at)
    const name = end > 0 && end - at < 10 ? html.slice(at + 1, end) : ''
    const text = entities[name]
    if (text !== undefined) return [text, name.length + 2]
  }
  return [html[at] ?? '', 1]
}

function textOf(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/&(#?\w{1,8});/g, (whole, name: string) => entities[name] ?? whole)
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()
