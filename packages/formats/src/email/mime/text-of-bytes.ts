import { decode } from '../../decode.ts'

export interface DecodedText {
  readonly text: string
  /** True where the encoding was not said, or said wrongly. */
  readonly isDetected: boolean
}

/** A part's bytes as text in the encoding that it names. Text that is none ('' and bytes of a picture) is ''. */
export function textOfBytes(bytes: Uint8Array, charset: string | undefined): DecodedText {
  const decoded = decode(bytes, charset === undefined || charset === '' ? {} : { charset })
  if (decoded.kind !== 'pass') return { text: '', isDetected: false }
  const { text, isCharsetDetected = false } = decoded.value
  // Letters that are all ASCII are the same in whatever was named.
  return { text, isDetected: isCharsetDetected }
}
