// What a UTF-16 unit is to the count, one bit each.
const word = 1
const space = 2
const lowSurrogate = 4

const kinds = Uint8Array.from({ length: 0x10000 }, (_, code) => kindOf(code))

/** Characters (code points) and words of a text; a word is a run without white space that has a letter or digit in it. */
export function textCounts(text: string): { readonly charCount: number; readonly wordCount: number } {
  let lowSurrogates = 0
  let wordCount = 0
  let inWord = 0
  // Without branches: at every second unit or so they would go another way than foreseen.
  for (let at = 0; at < text.length; at++) {
    const kind = kinds[text.charCodeAt(at)] as number
    wordCount += kind & ~inWord & word
    inWord = (inWord | kind) & ~(kind >> 1) & word
    lowSurrogates += kind >> 2
  }
  return { charCount: text.length - lowSurrogates, wordCount }
}

/** Letters and digits of ASCII, and everything from À on but general punctuation, make a word. */
function kindOf(code: number): number {
  if (code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000) return space
  if (code < 128) {
    const isWord = (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
    return isWord ? word : 0
  }
  // Beyond the basic plane are few words and many pictures.
  if (code >= 0xd800 && code <= 0xdfff) return code >= 0xdc00 ? lowSurrogate : 0
  if (code >= 0x2000 && code <= 0x206f) return code <= 0x200a ? space : 0
  return code >= 0xc0 ? word : 0
}
