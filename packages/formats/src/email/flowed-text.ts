/** Beyond this a line was long on purpose, and the next is a paragraph of its own. */
const wrappedLine = 50

/**
 * Text of format=flowed (RFC 3676) with every paragraph on one line: a line that ends in a space goes on in the next. With `deleteSpace`
 * that space was added and goes. The line before a signature ends in a space too, and ends all the same.
 */
export function flowedText(text: string, deleteSpace: boolean): string {
  const paragraphs: string[] = []
  let open: string[] = []
  const close = (): void => {
    if (open.length > 0) paragraphs.push(open.join(''))
    open = []
  }
  for (const line of text.split('\n')) {
    const quotes = /^>*/.exec(line)?.[0] ?? ''
    const rest = line.slice(quotes.length)
    const content = rest.startsWith(' ') ? rest.slice(1) : rest
    if (content === '-- ') {
      close()
      paragraphs.push(content)
      continue
    }
    const start = open.length === 0 && quotes !== '' ? `${quotes} ` : ''
    const isFlowing = content.endsWith(' ')
    open.push(start + (isFlowing && deleteSpace ? content.slice(0, -1) : content))
    if (!isFlowing) close()
  }
  close()
  return paragraphs.map((paragraph) => paragraph + (paragraph.length >= wrappedLine ? '\n' : '')).join('\n')
}
