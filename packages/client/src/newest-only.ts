/**
 * The reader's side of the contract: true for an event whose story sequence is higher than any seen of its subject, and remembers it.
 * Repeats after a crash, and what a zombie appended late, are false.
 */
export function newestOnly(): (event: { readonly subject: string; readonly storyseq: number }) => boolean {
  const highest = new Map<string, number>()
  return ({ subject, storyseq }) => {
    if (storyseq <= (highest.get(subject) ?? 0)) return false
    highest.set(subject, storyseq)
    return true
  }
}
