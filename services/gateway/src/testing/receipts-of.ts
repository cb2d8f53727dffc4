import type { AppendRecord } from '@dateline/ports'
import { formatPosition, itemPosition, positionOfReceipt } from '@dateline/story'

const receivedAt = '2026-01-20T10:00:00.000Z'

/** What normalizer and publisher append for a message of so many items, all published; `unread` leaves the publisher's part out. */
export function receiptRecords(
  position: string,
  options: { readonly items?: number; readonly feed?: string; readonly reference?: string } = {},
): { readonly read: AppendRecord; readonly decided: AppendRecord } {
  const { items = 1, feed = 'anp-newsml', reference } = options
  const message = {
    position,
    attempt: '0',
    feed,
    receivedAt,
    items,
    outcomes: [],
    ...(reference === undefined ? {} : { reference }),
  }
  const outcomes = Array.from({ length: items }, (_unused, index) => ({
    position: itemPosition(position, index),
    attempt: '0',
    outcome: 'published',
    reason: 'new',
    receivedAt,
    feed,
    storyKey: `anp:${index}`,
    eventId: `evt_${index}`,
    storySeq: 1,
  }))
  const record = (value: unknown): AppendRecord => ({ topic: 'wire.receipts', key: '0', value: JSON.stringify(value) })
  return {
    read: record({ writer: 'normalizer', messages: [message] }),
    decided: record({ writer: 'publisher', outcomes }),
  }
}

/** The position behind a receipt id that a push was answered with. */
export function positionBehind(receipt: string): string {
  const position = positionOfReceipt(receipt)
  if (position === null) throw new Error(`${receipt} is no receipt id`)
  return position
}

export const positionIn = (topic: string, logId: string, offset: number): string =>
  formatPosition({ topic, logId, partition: 0, offset })
