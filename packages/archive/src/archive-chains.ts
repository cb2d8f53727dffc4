import type { Archive } from '@dateline/ports'
import { flashTopic, wireTopic } from '@dateline/runtime'
import { type Chain, keyBehind, parseObjectKey, topicPrefix } from './object-key.ts'

/** Which part of the archive: one feed (both its topics), one topic, or all of it. */
export interface ArchivePart {
  readonly feed?: string
  readonly topic?: string
}

/** Every chain that has an object, in order of keys: one request per chain, however long they are. A key that is of no chain comes as it is. */
export async function* archiveChains(
  archive: Archive,
  part: ArchivePart = {},
): AsyncGenerator<{ readonly chain: Chain } | { readonly chain: null; readonly key: string }> {
  for (const prefix of prefixesOf(part)) {
    let after: string | undefined
    for (;;) {
      const key = await firstKey(archive, prefix, after)
      if (key === null) break
      const parsed = parseObjectKey(key)
      yield parsed === null ? { chain: null, key } : { chain: parsed.chain }
      after = parsed === null ? key : keyBehind(parsed.chain)
    }
  }
}

function prefixesOf({ feed, topic }: ArchivePart): readonly string[] {
  if (feed !== undefined) return [topicPrefix(wireTopic(feed)), topicPrefix(flashTopic(feed))]
  return [topicPrefix(topic)]
}

async function firstKey(archive: Archive, prefix: string, after: string | undefined): Promise<string | null> {
  for await (const object of archive.list(prefix, after)) return object.key
  return null
}
