import { type ArchivedObject, archivedMessages, listArchive, openChain, verifyArchive } from '@dateline/archive'
import type { Archive } from '@dateline/ports'

export interface DamageFound {
  readonly damage: string
  /** The object that was damaged. */
  readonly key: string
  /** Every fault that was found. */
  readonly said: readonly string[]
  /** One fault, of the right partition, in the right words. */
  readonly isNamed: boolean
  readonly isWholeAgain: boolean
}

/** Damages the archive in four ways, one after the other and each mended again, and tells what the proof says of each. */
export async function damageArchive(archive: Archive): Promise<readonly DamageFound[]> {
  const chains = new Map<string, ArchivedObject[]>()
  for await (const object of listArchive(archive)) {
    const name = `${object.topic}/${object.partition}`
    chains.set(name, [...(chains.get(name) ?? []), object])
  }
  const [longest = []] = [...chains.values()].sort((a, b) => b.length - a.length)
  const victim = longest[Math.floor((longest.length - 1) / 2)]
  if (victim === undefined || longest.length < 3)
    throw new Error('No partition has three objects: archive more messages')
  const bytes = await archive.get(victim.key)
  const metadata = (await archive.head(victim.key))?.metadata
  if (bytes === null || metadata === undefined) throw new Error(`${victim.key} cannot be read`)
  const { base, next } = victim
  const replaceBy = async (other: Buffer): Promise<void> => {
    await archive.remove(victim.key)
    await archive.put(victim.key, other, metadata)
  }
  const flipped = Buffer.from(bytes)
  const at = Math.floor(bytes.length / 2)
  flipped[at] = (flipped[at] ?? 0) ^ 1
  const middle = Math.floor((base + next) / 2)
  const restore = (): Promise<void> => replaceBy(bytes)

  return [
    await check('an object is deleted', () => archive.remove(victim.key), {
      expected: `nothing covers the offsets ${base} to ${next - 1}`,
      restore,
    }),
    await check(`the byte ${at} of an object is another`, () => replaceBy(flipped), {
      expected: new RegExp(`^the object at ${base}: .*sha256`),
      restore,
    }),
    await check('an object is cut by a byte', () => replaceBy(bytes.subarray(0, -1)), {
      expected: `the object at ${base}: the object is cut: it has ${bytes.length - 1} bytes of ${bytes.length}`,
      restore,
    }),
    await check('a zombie wrote an object into the middle of another', () => writeOverlap(victim, middle), {
      expected: `an overlap: the object at ${middle} begins before the one in front of it ends, at ${next}. The ${next - middle} messages that both hold are the same`,
      restore: () => archive.remove(keyAt(middle)),
    }),
  ]

  async function check(
    damage: string,
    doIt: () => Promise<void>,
    { expected, restore: mend }: { readonly expected: string | RegExp; readonly restore: () => Promise<void> },
  ): Promise<DamageFound> {
    await doIt()
    const { partitions } = await verifyArchive(archive)
    await mend()
    const found = partitions.filter(({ fault }) => fault !== null)
    const [one] = found
    const fault = one?.fault ?? ''
    return {
      damage,
      key: victim?.key ?? '',
      said: found.map(({ topic, partition, fault: text }) => `${topic}/${partition}: ${text}`),
      isNamed:
        found.length === 1 &&
        one?.topic === victim?.topic &&
        one?.partition === victim?.partition &&
        (typeof expected === 'string' ? fault.includes(expected) : expected.test(fault)),
      isWholeAgain: (await verifyArchive(archive)).isWhole,
    }
  }

  /** By the archiver's own writer, which was told that the chain ends where it does not. */
  async function writeOverlap({ topic, logId, partition, key }: ArchivedObject, from: number): Promise<void> {
    const chain = { topic, logId, partition }
    const writer = await openChain(
      {
        archive: {
          ...archive,
          async *list(prefix) {
            if (key.startsWith(prefix)) yield { key, size: 0 }
          },
          head: async () => ({ size: 0, metadata: { ...metadata, next: String(from) } }),
        },
        chain,
        writer: 'zombie',
        objectBytes: 4_194_304,
        memberBytes: 1_048_576,
        level: 3,
        clock: () => performance.now(),
        checkLog: async () => {},
        onWritten: () => {},
      },
      { low: 0, high: next, committed: null },
    )
    for await (const record of archivedMessages(archive, chain, { from, to: next }))
      await writer.take([record], record.offset + 1)
    await writer.flush()
  }

  function keyAt(offset: number): string {
    const digits = String(offset)
    return (victim?.key ?? '').slice(0, -digits.length) + digits
  }
}
