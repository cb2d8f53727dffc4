import type { Archive } from '@dateline/ports'
import { type ChainLink, readLink } from './chain-object.ts'
import { type ChainId, chainPrefix } from './object-key.ts'

/** The last link of a chain; null where there is none yet. The archiver's position is its `next`, never the committed offset. */
export async function lastLink(archive: Archive, chain: ChainId): Promise<ChainLink | null> {
  let last: string | null = null
  for await (const { key } of archive.list(chainPrefix(chain))) last = key
  if (last === null) return null
  const link = await readLink(archive, last)
  if (link === null)
    throw new Error(
      `${last} is not an object of an archive chain: move it away, or give the archive a prefix of its own.`,
    )
  return link
}

/** Bases of the objects of a chain, ascending. */
export async function chainBases(archive: Archive, chain: ChainId): Promise<readonly number[]> {
  const bases: number[] = []
  const prefix = chainPrefix(chain)
  for await (const { key } of archive.list(prefix)) bases.push(Number(key.slice(prefix.length)))
  return bases
}
