/** A part of a message that can be changed by itself. */
export interface MessagePart {
  /** Where it lies: `newsItem/@guid`, `subject[].name`, `line 3`, `Subject header`. Parts of one kind share a path. */
  readonly path: string
  /** The whole message with this part changed, in one way or several. */
  readonly changed: () => Iterable<string>
  /** The whole message with this part taken out. */
  readonly without: () => string
  /** True where a changed part may be taken for another: only what also goes with it comes from it. */
  readonly isLoose?: boolean
}

/** The text with its last letter or figure changed to the next; '' where it has none. */
export function changed(text: string): string {
  for (let at = text.length - 1; at >= 0; at--) {
    const next = following(text[at] ?? '')
    if (next !== null) return text.slice(0, at) + next + text.slice(at + 1)
  }
  return ''
}

function following(character: string): string | null {
  if (/^[a-yA-Y0-8]$/.test(character)) return String.fromCharCode(character.charCodeAt(0) + 1)
  if (character === 'z') return 'a'
  if (character === 'Z') return 'A'
  return character === '9' ? '0' : null
}
