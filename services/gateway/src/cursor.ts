/** Where a reader of `stories` is: the next offset wanted of every partition, in one log. */
export interface Cursor {
  readonly logId: string
  readonly next: readonly number[]
}

/** `<log id>.<offset>.<offset>…`, offsets in base 36. */
export const formatCursor = (cursor: Cursor): string =>
  [cursor.logId, ...cursor.next.map((offset) => offset.toString(36))].join('.')

/** null for what is no cursor over so many partitions. */
export function parseCursor(text: string, partitions: number): Cursor | null {
  if (text.length > 400) return null
  const [logId, ...parts] = text.split('.')
  if (
    logId === undefined ||
    !/^[A-Za-z0-9_-]+$/.test(logId) ||
    parts.length !== partitions ||
    parts.some((part) => !/^[0-9a-z]{1,11}$/.test(part))
  )
    return null
  return { logId, next: parts.map((part) => Number.parseInt(part, 36)) }
}
