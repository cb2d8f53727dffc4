import type { Archive } from '@dateline/ports'
import { chainEnd } from './chain-segments.ts'
import { ChainConflict, type ChainWriter, type ChainWriterOptions, createChainWriter } from './chain-writer.ts'
import { type Chain, objectKey } from './object-key.ts'
import { readMetadata } from './object-metadata.ts'

/**
 * Goes on where the chain ends, which is what the archive says and never what the group committed. A chain begins at 0: two
 * archivers that come to a log whose beginning is gone begin at the same key, so it cannot fork there either. Throws ChainConflict
 * when the archive is ahead of the log.
 */
export async function openChain(
  options: Omit<ChainWriterOptions, 'position'>,
  log: { readonly low: number; readonly high: number; readonly committed: number | null },
): Promise<ChainWriter> {
  const { archive, chain } = options
  const position = await endOf(archive, chain, log.committed ?? log.high)
  if (position > log.high)
    throw new ChainConflict(
      `The archive of ${chain.topic}/${chain.partition} ends at offset ${position} and the log at ${log.high}: the log was set back. Restore it, or make the topic anew`,
    )
  const writer = createChainWriter({ ...options, position })
  if (position < log.low) await writer.writeGap(log.low)
  return writer
}

async function endOf(archive: Archive, chain: Chain, near: number): Promise<number> {
  const { last, spansEnd } = await chainEnd(archive, chain, near)
  const head = last && (await archive.head(last.key))
  if (!head) return spansEnd
  const metadata = readMetadata(head.metadata)
  if (metadata === null || metadata.base !== last.base)
    throw new ChainConflict(`${objectKey(chain, last.base)} does not say where it ends`)
  return Math.max(metadata.next, spansEnd)
}
