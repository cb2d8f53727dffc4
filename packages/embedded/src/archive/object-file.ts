import type { FileHandle } from 'node:fs/promises'

export type Metadata = Readonly<Record<string, string>>

/** Zstandard's skippable frame (RFC 8878, 3.1.2): its magic number, and bytes that every decoder passes over. */
const skippableMagic = 0x184d2a5d
const headBytes = 8
const tailBytes = 8
const tailMark = Buffer.from('dlm1')

/**
 * An object is one file: its bytes, and behind them a zstd skippable frame with the metadata, which ends with the metadata's length. So
 * bytes and metadata appear together or not at all, and `zstd -d` still reads the file.
 */
export function trailerOf(metadata: Metadata): Buffer {
  const json = Buffer.from(JSON.stringify(metadata))
  const trailer = Buffer.alloc(headBytes + json.length + tailBytes)
  trailer.writeUInt32LE(skippableMagic, 0)
  trailer.writeUInt32LE(json.length + tailBytes, 4)
  json.copy(trailer, headBytes)
  trailer.writeUInt32LE(json.length, headBytes + json.length)
  tailMark.copy(trailer, headBytes + json.length + 4)
  return trailer
}

/** Size of the object's own bytes, and where its metadata lie; null for a file that is none of ours. */
export function splitAt(
  fileSize: number,
  tail: Buffer,
): { readonly size: number; readonly metadataBytes: number } | null {
  if (tail.length !== tailBytes || !tail.subarray(4).equals(tailMark)) return null
  const metadataBytes = tail.readUInt32LE(0)
  const size = fileSize - headBytes - metadataBytes - tailBytes
  return size < 0 ? null : { size, metadataBytes }
}

export const tailLength = tailBytes

export async function readMetadata(
  file: FileHandle,
  { size, metadataBytes }: { readonly size: number; readonly metadataBytes: number },
): Promise<Metadata> {
  return JSON.parse((await readAt(file, size + headBytes, metadataBytes)).toString())
}

export async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
