import type { Archive, LogRecord } from '@dateline/ports'
import type { MemberPlace } from './object-metadata.ts'
import { decodeMember, ObjectDamaged } from './read-member.ts'
import { SegmentGone } from './segment-metadata.ts'

/** So much is read by one request, and in memory as it is stored; a member may be larger. */
const READ_BYTES = 4_194_304

/**
 * The messages of members that lie behind one another, a list for each, by as few ranged reads as there are 4 MB; one member is unpacked
 * at a time. Throws SegmentGone, and ObjectDamaged behind what can be read of a member.
 */
export async function* readMembers(
  archive: Archive,
  key: string,
  places: readonly MemberPlace[],
): AsyncGenerator<readonly LogRecord[]> {
  for (const group of groupsOf(places)) {
    const start = group[0]?.start ?? 0
    const length = group.reduce((sum, place) => sum + place.length, 0)
    const bytes = await archive.get(key, { start, length })
    if (bytes === null) throw new SegmentGone(key)
    for (const place of group) {
      const at = place.start - start
      const { records, fault } = await decodeMember(bytes.subarray(at, at + place.length))
      yield records
      if (fault !== null) throw new ObjectDamaged(key, fault)
    }
  }
}

function groupsOf(places: readonly MemberPlace[]): readonly (readonly MemberPlace[])[] {
  const groups: MemberPlace[][] = []
  let bytes = 0
  for (const place of places) {
    bytes += place.length
    const group = groups.at(-1)
    if (group !== undefined && bytes <= READ_BYTES) group.push(place)
    else {
      groups.push([place])
      bytes = place.length
    }
  }
  return groups
}
