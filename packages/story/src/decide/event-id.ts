import { hash } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const letters = 26

export interface EventIdentity {
  readonly storyKey: string
  readonly seq: number
  readonly version: string | undefined
  readonly sourceHash: string | undefined
  readonly outputHash: string | undefined
  readonly kind: string
}

/** `evt_` and 26 letters of base32: the same for the same event for ever, and safe in file names, headers and job ids. */
export function eventId({ storyKey, seq, version, sourceHash, outputHash, kind }: EventIdentity): string {
  // The story key is the supplier's and comes last: whatever stands in it, no two identities give one text.
  const identity = [seq, kind, sourceHash ?? '', outputHash ?? '', JSON.stringify(version ?? null), storyKey].join('\n')
  const digest = hash('sha256', identity, 'buffer')
  let id = 'evt_'
  let held = 0
  let bits = 0
  for (let at = 0; id.length < 4 + letters; at++) {
    held = ((held << 8) | (digest[at] as number)) & 0xfff
    bits += 8
    while (bits >= 5 && id.length < 4 + letters) {
      bits -= 5
      id += alphabet[(held >> bits) & 31]
    }
  }
  return id
}
