const mostUnmapped = 50
const longestPath = 80

/** Records that the story has no place for something, by its path: 50 of them, each cut at 80 characters. */
export function leavePath({ unmapped }: { readonly unmapped: Set<string> }, path: string): void {
  if (unmapped.size < mostUnmapped) unmapped.add(path.slice(0, longestPath))
}
