import type { Archive, LogRecord } from '@dateline/ports'
import type { Chain } from '../object-key.ts'
import { openChain } from '../open-chain.ts'
import { message } from './records.ts'

/** Puts objects of these messages, one of each list, behind what the chain holds. */
export async function fillChain(
  archive: Archive,
  chain: Chain,
  objects: readonly (readonly LogRecord[])[],
): Promise<void> {
  const high = (objects.at(-1)?.at(-1)?.offset ?? 0) + 1
  const writer = await openChain(
    {
      archive,
      chain,
      writer: 'w',
      objectBytes: 1_000_000,
      memberBytes: 800,
      level: 1,
      clock: () => 0,
      checkLog: async () => {},
      onWritten: () => {},
    },
    { low: 0, high, committed: null },
  )
  for (const records of objects) {
    const first = records[0]?.offset ?? 0
    if (first > writer.position()) await writer.writeGap(first)
    await writer.take(records, (records.at(-1)?.offset ?? first) + 1)
    await writer.flush()
  }
}

/** Messages of one partition by the clock: an object every `everyMs`, as a feed has them that goes on all day. */
export const steadyObjects = (
  chain: Chain,
  { objects, startMs, everyMs }: { readonly objects: number; readonly startMs: number; readonly everyMs: number },
): LogRecord[][] =>
  Array.from({ length: objects }, (_, at) =>
    [at * 3, at * 3 + 1, at * 3 + 2].map((offset) => ({
      ...message(offset),
      topic: chain.topic,
      partition: chain.partition,
      timeMs: startMs + at * everyMs + Math.floor(((offset % 3) * everyMs) / 3),
    })),
  )
