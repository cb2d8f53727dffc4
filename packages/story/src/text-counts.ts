/** Characters (code points) and words of a text; a word is a run without white space that has a letter or digit in it. */
export function textCounts(text: string): { readonly charCount: number; readonly wordCount: number } {
  let charCount = 0
  let wordCount = 0
  let isInWord = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isLowSurrogate(code)) charCount++
    if (isSpace(code)) isInWord = false
    else if (!isInWord && isWordCharacter(code)) {
      isInWord = true
      wordCount++
    }
  }
  return { charCount, wordCount }
}

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x3000

/** Letters and digits of ASCII, and everything from À on but general punctuation. */
function isWordCharacter(code: number): boolean {
  if (code < 128) return (code > 47 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123)
  return code >= 0xc0 && (code < 0x2000 || code > 0x206f)
}
