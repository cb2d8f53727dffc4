import type { ConsumeOptions } from '@dateline/ports'
import type { KafkaLog } from './kafka-options.ts'
import type { Bounds, TopicPartition } from './offsets.ts'

export interface StartingPoint {
  /** Where fetching begins. */
  readonly position: number
  /** Records below it are not handed out. */
  readonly from: number
}

/**
 * Where a partition is started: where `startAt` says, else at the committed position, else at the earliest record. What retention took
 * away in between is told, never passed over in silence.
 */
export async function startingPoint(
  { topic, partition }: TopicPartition,
  facts: Bounds & { readonly committed: number | null },
  options: Pick<ConsumeOptions, 'startAt' | 'onRetentionLoss'> & { readonly log: KafkaLog },
): Promise<StartingPoint> {
  const at = { topic, partition }
  const { low, high, committed } = facts
  const said = options.startAt ? await options.startAt({ ...at, committed, low, high }) : null
  const wanted = said ?? committed ?? low
  if (wanted < low) {
    options.onRetentionLoss?.({ ...at, from: wanted, to: low })
    return { position: low, from: low }
  }
  if (wanted <= high) return { position: wanted, from: wanted }
  // A committed position behind the end: the log was cut or made anew, so nothing of it was handled.
  if (said === null) {
    options.log('error', 'The committed position lies behind the end of the log: starting at its earliest record', {
      ...at,
      committed: wanted,
      low,
      high,
    })
    return { position: low, from: low }
  }
  return { position: high, from: wanted }
}
