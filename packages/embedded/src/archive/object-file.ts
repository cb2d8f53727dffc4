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

/**
 * Size of the object's own bytes, and where its metadata lie. A file that was cut, or is none of ours, is an object of all its bytes
 * without metadata: whoever reads the archive says what is wrong with it, and goes on with the others.
 */
export function splitAt(fileSize: number, tail: Buffer): { readonly size: number; readonly metadataBytes: number } {
  const foreign = { size: fileSize, metadataBytes: 0 }
  if (tail.length !== tailBytes || !tail.subarray(4).equals(tailMark)) return foreign
  const metadataBytes = tail.readUInt32LE(0)
  const size = fileSize - headBytes - metadataBytes - tailBytes
  return size < 0 ? foreign : { size, metadataBytes }
}

export const tailLength = tailBytes

export async function readMetadata(
  file: FileHandle,
  { size, metadataBytes }: { readonly size: number; readonly metadataBytes: number },
): Promise<Metadata> {
  const text = (await readAt(file, size + headBytes, metadataBytes)).toString()
  try {
    const metadata: unknown = JSON.parse(text === '' ? '{}' : text)
    return isMetadata(metadata) ? metadata : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

const isMetadata = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')

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
