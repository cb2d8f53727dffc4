import { hash } from 'node:crypto'
import type { Archive, LogRecord } from '@dateline/ports'
import { sha256Of } from './frames.ts'
import { packMember, unpackMember } from './members.ts'
import { readMetadata } from './object-metadata.ts'
import { readMembers } from './read-members.ts'
import { SegmentGone } from './segment-metadata.ts'

/** A story that was found in a message. */
export interface StoryMention {
  /** Which item of the message, from 0. */
  readonly item: number
  readonly storyKey: string
  readonly version?: string
}

export interface IndexedMessage {
  readonly offset: number
  readonly timeMs: number
  /** Of the message's bytes, hex; null for a tombstone. */
  readonly sha256: string | null
  /** Bytes of the message; null for a tombstone. */
  readonly length: number | null
  /** The bytes of the object that hold it. */
  readonly member: { readonly start: number; readonly length: number }
  readonly stories: readonly StoryMention[]
}

/** What an object holds, found from its bytes; can be made again at any time, and is never the truth about them. */
export interface ObjectIndex {
  /** The object's key, and sha256 of the bytes that were indexed. */
  readonly key: string
  readonly sha256: string
  readonly feed: string
  readonly messages: readonly IndexedMessage[]
}

const FORMAT = 'dateline-index/1'

/** Beside an object, under its own key behind another root. */
export const indexKey = (objectKey: string): string => `index/${objectKey}`

/**
 * Finds the stories of an object's messages; null when the object is gone or holds no messages. `rest` is awaited between messages, for
 * whoever shares a processor with the live wire. Throws ObjectDamaged.
 */
export async function buildIndex(
  archive: Archive,
  key: string,
  options: {
    readonly feed: string
    readonly storiesIn: (record: LogRecord) => readonly StoryMention[]
    readonly rest?: () => Promise<void>
  },
): Promise<ObjectIndex | null> {
  const head = await archive.head(key)
  const metadata = head && readMetadata(head.metadata)
  if (head === null || metadata?.kind !== 'messages') return null
  const messages: IndexedMessage[] = []
  let at = 0
  try {
    for await (const records of readMembers(archive, key, metadata.members)) {
      const { start = 0, length = 0 } = metadata.members[at++] ?? {}
      for (const record of records) {
        messages.push({
          offset: record.offset,
          timeMs: record.timeMs,
          sha256: sha256Of(record.value),
          length: record.value?.length ?? null,
          member: { start, length },
          stories: options.storiesIn(record),
        })
        await options.rest?.()
      }
    }
  } catch (error) {
    if (error instanceof SegmentGone) return null
    throw error
  }
  return { key, sha256: metadata.sha256, feed: options.feed, messages }
}

/**
 * Puts an index beside its object, in the place of another one. False where the archive creates nothing under a key that was removed (seen
 * with versitygw 1.8.0 in a bucket with versions): the object stays without an index, and is read whole.
 */
export async function putIndex(archive: Archive, index: ObjectIndex): Promise<boolean> {
  const { messages, ...head } = index
  const lines = [{ format: FORMAT, ...head }, ...messages].map((line) => JSON.stringify(line)).join('\n')
  const bytes = await packMember(Buffer.from(`${lines}\n`), 3)
  const metadata = {
    format: FORMAT,
    'object-sha256': index.sha256,
    sha256: hash('sha256', bytes),
    count: String(messages.length),
  }
  const key = indexKey(index.key)
  if ((await archive.put(key, bytes, metadata)) === 'created') return true
  const there = await archive.head(key)
  if (there?.metadata.sha256 === metadata.sha256) return true
  await archive.remove(key)
  return (await archive.put(key, bytes, metadata)) === 'created'
}

/** The index of an object with these bytes; null where there is none, or only one that is damaged, of an older format or of other bytes. */
export async function getIndex(
  archive: Archive,
  object: { readonly key: string; readonly sha256: string },
): Promise<ObjectIndex | null> {
  // What it says of itself stands in its first line, and its bytes bear a checksum: its metadata need not be asked for.
  const bytes = await archive.get(indexKey(object.key))
  if (bytes === null) return null
  const text = await unpackMember(bytes)
  const index = text && readLines(text.toString('utf8'))
  return index?.key === object.key && index.sha256 === object.sha256 ? index : null
}

function readLines(text: string): ObjectIndex | null {
  try {
    const [head, ...messages] = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    if (!isHead(head) || !messages.every(isMessage)) return null
    const { key, sha256, feed } = head
    return { key, sha256, feed, messages }
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** The first indexes did not say their format, which is this one. */
function isHead(value: unknown): value is Omit<ObjectIndex, 'messages'> {
  const { format = FORMAT, key, sha256, feed } = (value ?? {}) as Record<string, unknown>
  return format === FORMAT && typeof key === 'string' && typeof sha256 === 'string' && typeof feed === 'string'
}

function isMessage(value: unknown): value is IndexedMessage {
  const { offset, timeMs, member, stories } = (value ?? {}) as Record<string, unknown>
  const { start, length } = (member ?? {}) as Record<string, unknown>
  return [offset, timeMs, start, length].every(Number.isSafeInteger) && Array.isArray(stories)
}
