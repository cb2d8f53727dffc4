import { Buffer } from 'node:buffer'

/** How files begin that agencies send beside their texts. `at`: where, in bytes. */
const signatures: readonly { readonly kind: string; readonly start: string; readonly at?: number }[] = [
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
const longest = 16

/** What kind of file that is no text this is, by its first bytes; null where they tell nothing. */
export function mediaKind(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.subarray(0, longest)).toString('latin1')
  return signatures.find((signature) => start.startsWith(signature.start, signature.at ?? 0))?.kind ?? null
}
