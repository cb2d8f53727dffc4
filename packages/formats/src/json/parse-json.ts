import { type Outcome, pass, reject } from '@dateline/story'
import { scanJson } from './scan-json.ts'

export interface ParsedJson {
  readonly value: unknown
  /** True when line breaks or tabs stood bare in strings, which JSON forbids and Fingerpost sends. */
  readonly isMended: boolean
}

/** JSON with what `scanJson` refuses; `malformed` for what is no JSON even with its control characters escaped. */
export function parseJson(text: string): Outcome<ParsedJson> {
  const safe = scanJson(text)
  if (safe.kind !== 'pass') return safe
  const plain = tryParse(text)
  if (plain.kind === 'pass') return pass({ value: plain.value, isMended: false })
  const mended = tryParse(withEscapedControls(text))
  return mended.kind === 'pass' ? pass({ value: mended.value, isMended: true }) : plain
}

function tryParse(text: string): Outcome<unknown> {
  try {
    return pass(JSON.parse(text) as unknown)
  } catch (fault) {
    return reject('malformed', fault instanceof Error ? fault.message : 'not JSON')
  }
}

const withEscapedControls = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"/gs, (string) =>
    string.replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1)),
  )
