/** A batch as it was appended: its records' values, and its bytes with the offset filled in. */
interface AppendedBatch {
  readonly baseOffset: number
  readonly count: number
  readonly producerId: bigint
  readonly sequence: number
  readonly bytes: Buffer
}

export interface FakePartition {
  leader: number
  low: number
  readonly batches: AppendedBatch[]
}

const OUT_OF_ORDER = 45

export const highOf = (partition: FakePartition): number => {
  const last = partition.batches.at(-1)
  return last === undefined ? partition.low : last.baseOffset + last.count
}

/** Appends as a broker does for an idempotent producer: a repeat is answered with its first offset, a gap in the sequence refused. */
export function appendBatch(
  partition: FakePartition,
  batch: Buffer,
): { readonly code: number; readonly baseOffset: number } {
  const count = batch.readInt32BE(57)
  const producerId = batch.readBigInt64BE(43)
  const sequence = batch.readInt32BE(53)
  const mine = partition.batches.filter((one) => one.producerId === producerId)
  const repeat = mine.find((one) => one.sequence === sequence && one.count === count)
  if (repeat) return { code: 0, baseOffset: repeat.baseOffset }
  const last = mine.at(-1)
  if (last && sequence !== last.sequence + last.count) return { code: OUT_OF_ORDER, baseOffset: -1 }
  const baseOffset = highOf(partition)
  const bytes = Buffer.from(batch)
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  partition.batches.push({ baseOffset, count, producerId, sequence, bytes })
  return { code: 0, baseOffset }
}

/** What a fetch from that offset gets: whole batches, the first one that holds it included. */
export const bytesFrom = (partition: FakePartition, offset: number): Buffer =>
  Buffer.concat(partition.batches.filter((one) => one.baseOffset + one.count > offset).map((one) => one.bytes))
