import type { Archive } from '@dateline/ports'
import { type DecodedFrames, decodeFrames } from './frames.ts'
import { unpackMember } from './members.ts'

/** The messages of one member of an object, each checked against its sha256, by one ranged read; null when the object is gone. */
export async function readMember(
  archive: Archive,
  key: string,
  place: { readonly start: number; readonly length: number },
): Promise<DecodedFrames | null> {
  const { start, length } = place
  const member = await archive.get(key, { start, length })
  return member === null ? null : decodeMember(member)
}

/** The messages of a member that was read. */
export async function decodeMember(member: Buffer): Promise<DecodedFrames> {
  const frames = await unpackMember(member)
  return frames === null ? { records: [], fault: 'a member cannot be unpacked' } : decodeFrames(frames)
}

/** An object is not what it says: a person must look. */
export class ObjectDamaged extends Error {
  constructor(key: string, fault: string) {
    super(`${key} is damaged: ${fault}. Run dateline archive verify`)
    this.name = 'ObjectDamaged'
  }
}
