const mostKeywords = 200

/**
 * Keywords however a supplier writes them: a list, one string ("a+b" as Fingerpost joins them, "a;b-c" as ANP does), numbers, nothing.
 * In the order given, each once whatever its case. A hyphen parts words only beside a semicolon: "e-bike" is one. `whole` follow, which
 * are one keyword each, whatever signs are in them.
 */
export function keywordList(value: unknown, whole: readonly string[] = []): string[] {
  const found = new Map<string, string>()
  for (const word of [...(Array.isArray(value) ? value : [value]).flatMap(wordsOf), ...whole]) {
    const key = word.toLowerCase()
    if (!found.has(key) && found.size < mostKeywords) found.set(key, word)
  }
  return [...found.values()]
}

function wordsOf(entry: unknown): string[] {
  if (typeof entry === 'number') return [String(entry)]
  if (typeof entry === 'object' && entry !== null) return wordsOf((entry as { readonly name?: unknown }).name)
  if (typeof entry !== 'string') return []
  const parts = entry.includes(';') ? entry.split(/[;-]/) : entry.split(/[,|]|(?<=[\p{L}\p{N}])\+(?=[\p{L}\p{N}])/u)
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
