import { Buffer } from 'node:buffer'

interface Signature {
  readonly kind: string
  readonly start: string
  /** Where, in bytes; 0 unless said. */
  readonly at?: number
}

/** How files begin that agencies send beside their texts. */
const media: readonly Signature[] = [
  { kind: 'a JPEG picture', start: '\xff\xd8\xff' },
  { kind: 'a PNG picture', start: '\x89PNG\r\n\x1a\n' },
  { kind: 'a GIF picture', start: 'GIF8' },
  { kind: 'a TIFF picture', start: 'II*\0' },
  { kind: 'a TIFF picture', start: 'MM\0*' },
  { kind: 'a WebP, wave or AVI file', start: 'RIFF' },
  { kind: 'a film or picture of MPEG-4', start: 'ftyp', at: 4 },
  { kind: 'MPEG sound', start: 'ID3' },
  { kind: 'Ogg sound', start: 'OggS' },
  { kind: 'a PDF document', start: '%PDF-' },
  { kind: 'PostScript', start: '%!PS' },
  { kind: 'a document of older Office', start: '\xd0\xcf\x11\xe0' },
  // Beside each file, in archives that were made on a Mac.
  { kind: 'an AppleDouble header', start: '\0\x05\x16\x07' },
  { kind: 'a folder view of a Mac', start: '\0\0\0\x01Bud1' },
]
/** Packed in ways that are not opened. */
const archives: readonly Signature[] = [
  { kind: 'a RAR archive', start: 'Rar!\x1a\x07' },
  { kind: 'a 7-Zip archive', start: '7z\xbc\xaf\x27\x1c' },
  { kind: 'packed by bzip2', start: '1AY&SY', at: 4 },
  { kind: 'packed by xz', start: '\xfd7zXZ\0' },
  { kind: 'packed by zstd', start: '\x28\xb5\x2f\xfd' },
  { kind: 'a tar archive', start: 'ustar', at: 257 },
]
const longest = 264

/** What kind of file that is no text this is, by its first bytes; null where they tell nothing. */
export const mediaKind = (bytes: Uint8Array): string | null => kindIn(media, bytes)

/** An archive that is not opened; null for all else. */
export const unopenedArchive = (bytes: Uint8Array): string | null => kindIn(archives, bytes)

function kindIn(signatures: readonly Signature[], bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, longest)).toString('latin1')
  return signatures.find((signature) => start.startsWith(signature.start, signature.at ?? 0))?.kind ?? null
}
