/** Code pages of DOS that TextDecoder lacks, by their names of the IANA registry in lower case: bytes 0x80 to 0xff. */
const upperHalves: ReadonlyMap<string, string> = new Map([
  [
    'ibm437',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
      'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
      '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
      'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ],
  [
    'ibm850',
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
      'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
      '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
      'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ],
])

const aliases: ReadonlyMap<string, string> = new Map([
  ['437', 'ibm437'],
  ['cp437', 'ibm437'],
  ['cp-437', 'ibm437'],
  ['dos-437', 'ibm437'],
  ['cspc8codepage437', 'ibm437'],
  ['850', 'ibm850'],
  ['cp850', 'ibm850'],
  ['cp-850', 'ibm850'],
  ['dos-850', 'ibm850'],
  ['cspc850multilingual', 'ibm850'],
])

/** Names that desks use and the WHATWG's list lacks. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['macroman', 'macintosh'],
  ['mac-roman', 'macintosh'],
  ['mac_roman', 'macintosh'],
  ['applemacroman', 'macintosh'],
])

/** The canonical name of an encoding however it is written: "CP850", "x-mac-roman", "latin1". null when there is no such encoding. */
export function charsetNamed(label: string): string | null {
  const name = label.trim().toLowerCase()
  const codePage = aliases.get(name) ?? name
  if (upperHalves.has(codePage)) return codePage
  try {
    return new TextDecoder(otherNames.get(name) ?? name).encoding
  } catch {
    return null
  }
}

/**
 * Bytes as text of an encoding by its canonical name; null when they are none of it. Every byte has a character in the single-byte
 * sets, so of those none is ever refused. Two charts are less than a dependency: iconv-lite brings some 40 tables for these two.
 */
export function decodeAs(bytes: Uint8Array, charset: string): string | null {
  const upper = upperHalves.get(charset)
  if (upper !== undefined) return decodeHalf(bytes, upper)
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** ASCII below 0x80, in pieces that an argument list can hold. */
function decodeHalf(bytes: Uint8Array, upper: string): string {
  const parts: string[] = []
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const units = Array.from(bytes.subarray(start, start + pieceBytes), (byte) =>
      byte < 0x80 ? byte : upper.charCodeAt(byte - 0x80),
    )
    parts.push(String.fromCharCode(...units))
  }
  return parts.join('')
}

const pieceBytes = 8_192

/** Sets that put letters where others have control codes, at 0x80 to 0x9f. */
export const hasLettersBelowA0 = (charset: string): boolean => !/^(?:utf-|iso-|windows-125|koi8)/.test(charset)
