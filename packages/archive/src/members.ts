import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** A member holds about 1 MB of frames, or one message of up to the log's 16 MB. */
const LARGEST_MEMBER = 64 * 1024 * 1024

/** Some frames as one zstd frame with a checksum of its content, which `zstd -dc` reads on its own or behind others. */
export const packMember = (frames: Buffer, level: number): Promise<Buffer> =>
  compress(frames, {
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  })

/** null when the member is damaged or is not one. */
export async function unpackMember(member: Buffer): Promise<Buffer | null> {
  try {
    return await decompress(member, { maxOutputLength: LARGEST_MEMBER })
  } catch {
    return null
  }
}

/**
 * Where the members of an object lie, found from its bytes alone: what an index says can be lost, this cannot. `fault` says where the
 * object stops being whole members. (RFC 8878, sections 3.1.1 and 3.1.2)
 */
export function splitMembers(object: Buffer): { readonly lengths: readonly number[]; readonly fault: string | null } {
  const lengths: number[] = []
  let at = 0
  while (at < object.length) {
    const length = memberLength(object, at)
    if (length === null) return { lengths, fault: `the object is cut or damaged behind byte ${at}` }
    lengths.push(length)
    at += length
  }
  return { lengths, fault: null }
}

const MAGIC = 0xfd2fb528
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3

function memberLength(object: Buffer, start: number): number | null {
  if (start + 5 > object.length || object.readUInt32LE(start) !== MAGIC) return null
  const descriptor = object[start + 4] ?? 0
  const isSingleSegment = (descriptor & 0x20) !== 0
  const hasChecksum = (descriptor & 0x04) !== 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 0x03] ?? 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeFlag
  let at = start + 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes
  for (let isLast = false; !isLast; ) {
    if (at + 3 > object.length) return null
    const block = object.readUIntLE(at, 3)
    isLast = (block & 1) === 1
    const type = (block >> 1) & 3
    if (type === RESERVED_BLOCK) return null
    at += 3 + (type === RLE_BLOCK ? 1 : block >> 3)
  }
  const end = at + (hasChecksum ? 4 : 0)
  return end > object.length ? null : end - start
}
