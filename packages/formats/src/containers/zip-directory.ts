import { Buffer } from 'node:buffer'
import { type Outcome, pass, reject } from '@dateline/story'

/** An entry as the central directory tells it. */
export interface ZipEntry {
  readonly isFolder: boolean
  readonly isEncrypted: boolean
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc32: number
  readonly packedBytes: number
  readonly bytes: number
  /** Where its packed data lies. */
  readonly start: number
  readonly end: number
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[]
  /** True for the files of word processors, which are zip files too. */
  readonly isDocument: boolean
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50
const endBytes = 22
const entryBytes = 46
const localBytes = 30
const longestComment = 0xffff
const isInZip64 = (value: number): boolean => value === 0xffffffff

/** Begins with an entry, or with the end of an empty archive. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))

/** Names that only Office Open XML, OpenDocument, EPUB and Java archives have. */
const documentNames: ReadonlySet<string> = new Set(['[Content_Types].xml', 'mimetype', 'META-INF/MANIFEST.MF'])

/**
 * The central directory of a zip file (PKWARE APPNOTE 6.3), which alone is believed. Names are looked at only to tell folders and
 * documents. `unsupported`: several volumes, or fields that only zip64 can hold, which no message of 8 MB needs. `malformed`: what lies
 * elsewhere than it says, and entries that overlap.
 */
export function readZipDirectory(bytes: Uint8Array, mostEntries: number): Outcome<ZipDirectory> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOf(zip)
  if (end < 0) return reject('malformed', 'zip: no end of the central directory')
  const count = zip.readUInt16LE(end + 10)
  const size = zip.readUInt32LE(end + 12)
  const offset = zip.readUInt32LE(end + 16)
  if (zip.readUInt16LE(end + 4) !== 0 || zip.readUInt16LE(end + 8) !== count)
    return reject('unsupported', 'zip: several volumes')
  if (count === 0xffff || isInZip64(size) || isInZip64(offset)) return reject('unsupported', 'zip64')
  if (count > mostEntries) return reject('too-complex', `zip: ${count} entries, ${mostEntries} allowed`)
  if (offset + size > end) return reject('malformed', 'zip: the central directory lies outside of the file')
  return readEntries(zip.subarray(0, offset + size), { at: offset, count })
}

/** The last signature whose comment reaches just to the end of the file; a comment may hold the signature too. */
function endOf(zip: Buffer): number {
  const first = Math.max(0, zip.length - endBytes - longestComment)
  for (let at = zip.length - endBytes; at >= first; at--) {
    if (zip.readUInt32LE(at) === endSignature && at + endBytes + zip.readUInt16LE(at + 20) === zip.length) return at
  }
  return -1
}

function readEntries(zip: Buffer, directory: { readonly at: number; readonly count: number }): Outcome<ZipDirectory> {
  const entries: ZipEntry[] = []
  let isDocument = false
  let at = directory.at
  for (let index = 0; index < directory.count; index++) {
    if (at + entryBytes > zip.length || zip.readUInt32LE(at) !== entrySignature)
      return reject('malformed', `zip: entry ${index} is not where the central directory says`)
    const nameEnd = at + entryBytes + zip.readUInt16LE(at + 28)
    const next = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    if (next > zip.length) return reject('malformed', 'zip: the central directory is cut off')
    const entry = entryAt(zip, { at, nameEnd, directoryAt: directory.at })
    if (entry.kind !== 'pass') return entry
    if (documentNames.has(zip.toString('latin1', at + entryBytes, nameEnd))) isDocument = true
    entries.push(entry.value)
    at = next
  }
  return overlaps(entries) ? reject('malformed', 'zip: entries overlap') : pass({ entries, isDocument })
}

function entryAt(
  zip: Buffer,
  where: { readonly at: number; readonly nameEnd: number; readonly directoryAt: number },
): Outcome<ZipEntry> {
  const { at, nameEnd, directoryAt } = where
  const flags = zip.readUInt16LE(at + 8)
  const packedBytes = zip.readUInt32LE(at + 20)
  const bytes = zip.readUInt32LE(at + 24)
  const localAt = zip.readUInt32LE(at + 42)
  if (isInZip64(packedBytes) || isInZip64(bytes) || isInZip64(localAt)) return reject('unsupported', 'zip64')
  if (localAt + localBytes > directoryAt || zip.readUInt32LE(localAt) !== localSignature)
    return reject('malformed', 'zip: an entry lies outside of the file')
  const start = localAt + localBytes + zip.readUInt16LE(localAt + 26) + zip.readUInt16LE(localAt + 28)
  const end = start + packedBytes
  if (end > directoryAt) return reject('malformed', 'zip: an entry is cut off')
  return pass({
    // Some writers on Windows end it in a backslash.
    isFolder: bytes === 0 && (zip[nameEnd - 1] === 0x2f || zip[nameEnd - 1] === 0x5c),
    // Bit 13: its headers are masked, which only encryption does.
    isEncrypted: (flags & 0x2001) !== 0,
    method: zip.readUInt16LE(at + 10),
    crc32: zip.readUInt32LE(at + 16),
    packedBytes,
    bytes,
    start,
    end,
  })
}

/** Bombs let many entries share one stretch of data. */
function overlaps(entries: readonly ZipEntry[]): boolean {
  const inOrder = entries.toSorted((a, b) => a.start - b.start)
  return inOrder.some((entry, at) => {
    const before = inOrder[at - 1]
    // A local header is at least as long as this, so two starts lie further apart than the data between them.
    return before !== undefined && entry.start - localBytes < before.end
  })
}
