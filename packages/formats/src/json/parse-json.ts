import { type Outcome, pass, reject } from '@dateline/story'
import { scanJson } from './scan-json.ts'

export interface ParsedJson {
  readonly value: unknown
  /** True when control characters stood bare in strings, or backslashes before what needs none: JSON forbids both, Fingerpost sends both. */
  readonly isMended: boolean
}

/** JSON with what `scanJson` refuses; `malformed` for what is no JSON even with its strings mended. */
export function parseJson(text: string): Outcome<ParsedJson> {
  const safe = scanJson(text)
  if (safe.kind !== 'pass') return safe
  const plain = tryParse(text)
  if (plain.kind === 'pass') return pass({ value: plain.value, isMended: false })
  const mended = tryParse(withMendedStrings(text))
  return mended.kind === 'pass' ? pass({ value: mended.value, isMended: true }) : plain
}

function tryParse(text: string): Outcome<unknown> {
  try {
    return pass(JSON.parse(text) as unknown)
  } catch (fault) {
    return reject('malformed', fault instanceof Error ? fault.message : 'not JSON')
  }
}

const withMendedStrings = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.?)*(?:"|$)/gs, (string) =>
    string
      .replace(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1))
      .replace(/\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)/g, (written, isLegal?: string) =>
        isLegal === undefined ? '' : written,
      ),
  )
