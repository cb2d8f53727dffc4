const other = 0
const space = 1
const word = 2
const lowSurrogate = 3

/** What each UTF-16 unit below 256 is to the count. */
const kinds = Uint8Array.from({ length: 256 }, (_, code) => kindOf(code))

/** Characters (code points) and words of a text; a word is a run without white space that has a letter or digit in it. */
export function textCounts(text: string): { readonly charCount: number; readonly wordCount: number } {
  let charCount = text.length
  let wordCount = 0
  let isInWord = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const kind = code < 256 ? kinds[code] : kindOf(code)
    if (kind === word) {
      if (!isInWord) wordCount++
      isInWord = true
    } else if (kind === space) isInWord = false
    else if (kind === lowSurrogate) charCount--
  }
  return { charCount, wordCount }
}

/** Letters and digits of ASCII, and everything from À on but general punctuation, make a word. */
function kindOf(code: number): number {
  if (code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000) return space
  if (code < 128) {
    const isWord = (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
    return isWord ? word : other
  }
  // Beyond the basic plane are few words and many pictures.
  if (code >= 0xd800 && code <= 0xdfff) return code >= 0xdc00 ? lowSurrogate : other
  if (code >= 0x2000 && code <= 0x206f) return code <= 0x200a ? space : other
  return code >= 0xc0 ? word : other
}
