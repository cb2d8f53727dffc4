/** Where a wire message lies in the log. */
export interface Position {
  readonly topic: string
  /** The topic's log id, so that a topic made anew under the same name never looks like the old one. */
  readonly logId: string
  readonly partition: number
  readonly offset: number
}

/** `<topic>@<log id>/<partition>/<offset>` */
export const formatPosition = (at: Position): string => `${at.topic}@${at.logId}/${at.partition}/${at.offset}`

/** `<position>#<i>`: the i-th item of the message, from 0. */
export const itemPosition = (position: string, index: number): string => `${position}#${index}`

const shape = /^([A-Za-z0-9._-]+)@([A-Za-z0-9_-]+)\/(\d+)\/(\d+)(?:#(\d+))?$/

/** The parts of a position or of an item's position; null when it is neither. */
export function parsePosition(text: string): (Position & { readonly index: number | null }) | null {
  const found = shape.exec(text)
  if (!found) return null
  const [, topic, logId, partition, offset, index] = found
  return {
    topic: topic ?? '',
    logId: logId ?? '',
    partition: Number(partition),
    offset: Number(offset),
    index: index === undefined ? null : Number(index),
  }
}

/** Order of arrival among messages of one topic and partition; 0 for positions that cannot be compared. */
export function comparePositions(left: string, right: string): number {
  const a = parsePosition(left)
  const b = parsePosition(right)
  if (!a || !b || a.topic !== b.topic || a.logId !== b.logId || a.partition !== b.partition) return 0
  return a.offset - b.offset || (a.index ?? 0) - (b.index ?? 0)
}
