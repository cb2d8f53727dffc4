import { crc32, inflateRawSync } from 'node:zlib'
import { ignore, type Outcome, pass, reject } from '@dateline/story'
import type { UnpackBudget } from './budget.ts'
import { isTooLarge } from './gzip.ts'
import { mediaKind } from './media-kind.ts'
import { readZipDirectory, type ZipEntry } from './zip-directory.ts'

/**
 * The files in a zip file in the order of its directory, each with its own outcome; one outcome where the file is bad as a whole. What
 * the directory promises is added up before anything is inflated, and no entry is inflated beyond its promise.
 */
export function unzip(bytes: Uint8Array, budget: UnpackBudget): Outcome<Uint8Array>[] {
  const directory = readZipDirectory(bytes, budget.entriesLeft)
  if (directory.kind !== 'pass') return [directory]
  const { entries, isDocument } = directory.value
  if (isDocument) return [ignore('not-a-story', 'a document of a word processor or the like')]
  const files = entries.filter(({ isFolder }) => !isFolder)
  if (files.length === 0) return [reject('empty', 'zip: no files')]
  let promised = 0
  for (const file of files) if (file.bytes <= budget.partBytes) promised += file.bytes
  if (promised > budget.bytesLeft)
    return [reject('too-large', `zip: ${promised} bytes unpacked, ${budget.bytesLeft} allowed`)]
  budget.bytesLeft -= promised
  budget.entriesLeft -= entries.length
  return files.map((file) => fileOf(bytes, file, budget))
}

function fileOf(zip: Uint8Array, entry: ZipEntry, budget: UnpackBudget): Outcome<Uint8Array> {
  if (entry.isEncrypted) return reject('unsupported', 'zip: an encrypted entry')
  if (entry.method !== 0 && entry.method !== 8) return reject('unsupported', `zip: compression method ${entry.method}`)
  if (entry.bytes > budget.partBytes)
    return reject('too-large', `zip: an entry of ${entry.bytes} bytes, ${budget.partBytes} allowed`)
  const packed = zip.subarray(entry.start, entry.end)
  const unpacked = entry.method === 0 ? pass(packed) : inflate(packed, entry.bytes)
  if (unpacked.kind !== 'pass') return unpacked
  if (unpacked.value.byteLength !== entry.bytes || crc32(unpacked.value) !== entry.crc32)
    return reject('malformed', 'zip: an entry is damaged')
  const media = mediaKind(unpacked.value)
  return media === null ? unpacked : ignore('not-a-story', `zip: ${media}`)
}

function inflate(packed: Uint8Array, bytes: number): Outcome<Uint8Array> {
  try {
    return pass(inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) }))
  } catch (fault) {
    const detail = isTooLarge(fault)
      ? `an entry is longer than its ${bytes} bytes`
      : fault instanceof Error
        ? fault.message
        : 'an entry is not readable'
    return reject('malformed', `zip: ${detail}`)
  }
}
