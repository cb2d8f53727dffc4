import type { Archive } from '@dateline/ports'
import { flashTopic, wireTopic } from '@dateline/runtime'
import { type Chain, chainPrefix, keyBehind, parseObjectKey, topicPrefix } from './object-key.ts'
import { parseSpanKey, spanPrefix, spansOfTopicPrefix } from './span-key.ts'

/** Which part of the archive: one feed (both its topics), one topic, or all of it. */
export interface ArchivePart {
  readonly feed?: string
  readonly topic?: string
}

type Found = { readonly chain: Chain } | { readonly chain: null; readonly key: string }

/** Every chain that has an object, in order of keys: one request per chain, however long they are. A key that is of no chain comes as it is. */
export async function* archiveChains(archive: Archive, part: ArchivePart = {}): AsyncGenerator<Found> {
  for (const topic of topicsOf(part)) {
    const raw = await collect(chainsUnder(archive, topicPrefix(topic), parseObjectKey, keyBehind))
    // A chain of which all was removed has nothing but its tombstone.
    const known = new Set(raw.map(nameOf))
    const spans = await collect(chainsUnder(archive, spansOfTopicPrefix(topic), parseSpanKey, behindSpans))
    yield* [...raw, ...spans.filter((found) => !known.has(nameOf(found)))].sort((a, b) =>
      nameOf(a) < nameOf(b) ? -1 : 1,
    )
  }
}

/** `undefined`: all topics. */
function topicsOf({ feed, topic }: ArchivePart): readonly (string | undefined)[] {
  return feed === undefined ? [topic] : [wireTopic(feed), flashTopic(feed)]
}

async function* chainsUnder(
  archive: Archive,
  prefix: string,
  parse: (key: string) => { readonly chain: Chain } | null,
  behind: (chain: Chain) => string,
): AsyncGenerator<Found> {
  let after: string | undefined
  for (;;) {
    const key = await firstKey(archive, prefix, after)
    if (key === null) return
    const parsed = parse(key)
    yield parsed === null ? { chain: null, key } : { chain: parsed.chain }
    after = parsed === null ? key : behind(parsed.chain)
  }
}

const behindSpans = (chain: Chain): string => `${spanPrefix(chain)}z`

const nameOf = (found: Found): string => (found.chain === null ? found.key : chainPrefix(found.chain))

async function collect(chains: AsyncIterable<Found>): Promise<Found[]> {
  const found: Found[] = []
  for await (const one of chains) found.push(one)
  return found
}

async function firstKey(archive: Archive, prefix: string, after: string | undefined): Promise<string | null> {
  for await (const object of archive.list(prefix, after)) return object.key
  return null
}
