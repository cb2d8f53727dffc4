import type { Archive, LogRecord } from '@dateline/ports'
import { flashTopic, wireTopic } from '@dateline/runtime'
import { chainBases } from './chain.ts'
import { type ChainLink, readLink } from './chain-object.ts'
import { unpackMember } from './frames.ts'
import { type ChainId, objectKey, parseObjectKey } from './object-key.ts'

export interface ArchivedObject extends ChainId, Omit<ChainLink, 'members'> {
  readonly key: string
  readonly size: number
}

/** The prefixes of a feed's topics, or of all. */
export const prefixesOf = (feed: string | undefined): readonly string[] =>
  feed === undefined ? ['raw/v1/'] : [`raw/v1/${wireTopic(feed)}/`, `raw/v1/${flashTopic(feed)}/`]

/** Every object with what it says of itself, in the order of keys. */
export async function* listArchive(
  archive: Archive,
  options: { readonly feed?: string } = {},
): AsyncGenerator<ArchivedObject> {
  for (const prefix of prefixesOf(options.feed)) {
    for await (const { key, size } of archive.list(prefix)) {
      const parsed = parseObjectKey(key)
      const link = parsed === null ? null : await readLink(archive, key)
      if (parsed === null || link === null) continue
      const { members: _members, ...rest } = link
      yield { ...parsed, ...rest, key, size }
    }
  }
}

/** One message as it came, by one ranged read; null when the archive does not hold it. */
export async function readArchived(
  archive: Archive,
  position: ChainId & { readonly offset: number },
): Promise<LogRecord | null> {
  const base = (await chainBases(archive, position)).filter((candidate) => candidate <= position.offset).at(-1)
  if (base === undefined) return null
  const key = objectKey(position, base)
  const link = await readLink(archive, key)
  const member = link?.members.filter((candidate) => candidate.firstOffset <= position.offset).at(-1)
  if (link === null || member === undefined || position.offset >= link.next) return null
  const bytes = await archive.get(key, { start: member.start, length: member.length })
  return bytes === null ? null : (unpackMember(bytes).find((record) => record.offset === position.offset) ?? null)
}
