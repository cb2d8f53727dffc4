const fewestCharacters = 3

/** True for a line that begins with the keyword of the header, whatever parts its words. */
export function isSlugLine(line: string, keyword: string): boolean {
  const wanted = plain(keyword)
  return wanted.length >= fewestCharacters && plain(line.slice(0, 200)).startsWith(wanted)
}

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
