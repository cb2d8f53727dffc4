import { changed, type MessagePart } from './message-part.ts'

/** Headers of the teleprinter formats put many things on one line: of the first lines each word is tried. */
const linesByWord = 12
const mostWords = 24

/** The lines of a text by their numbers. */
export function lineParts(text: string): MessagePart[] {
  const lines = text.split('\n')
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return []
    const withLine = (other: string): string => [...lines.slice(0, at), other, ...lines.slice(at + 1)].join('\n')
    return [
      {
        path: `line ${at + 1}`,
        changed: () => (at < linesByWord ? byWord(line) : [changed(line)]).map(withLine),
        without: () => withLine(''),
        isLoose: true,
      },
    ]
  })
}

const byWord = (line: string): string[] =>
  [...line.matchAll(/[\p{L}\p{N}]+/gu)]
    .slice(0, mostWords)
    .map(({ 0: word, index }) => line.slice(0, index) + changed(word) + line.slice(index + word.length))
