import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { lz4Decompress } from './lz4.ts'
import { snappyDecompress } from './snappy.ts'

export type Decompressed =
  | { readonly ok: true; readonly bytes: Buffer }
  /** Continues a sentence: "The batch … ". */
  | { readonly ok: false; readonly problem: string }

interface Codec {
  readonly name: string
  readonly open: (bytes: Buffer, maxBytes: number) => Buffer
}

/** By the number in a batch's attributes. A sender chooses its codec, not we, so all of Kafka's are read. */
const CODECS: ReadonlyMap<number, Codec> = new Map([
  [1, { name: 'gzip', open: (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength }) }],
  [2, { name: 'snappy', open: snappyDecompress }],
  [3, { name: 'lz4', open: lz4Decompress }],
  [4, { name: 'zstd', open: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }) }],
])

/** Far above any batch of whole messages (8 MB each), far below what would harm the process. */
const MAX_OPENED_BYTES = 134_217_728

export function decompress(codec: number, bytes: Buffer): Decompressed {
  const found = CODECS.get(codec)
  if (found === undefined) return { ok: false, problem: `is compressed with codec ${codec}, which is not known here` }
  try {
    return { ok: true, bytes: found.open(bytes, MAX_OPENED_BYTES) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, problem: `is compressed with ${found.name} and cannot be opened (${reason})` }
  }
}
