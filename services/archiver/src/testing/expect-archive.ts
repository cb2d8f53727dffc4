import { listArchive, readArchived, verifyArchive } from '@dateline/archive'
import { expect } from 'vitest'
import type { Bench } from './bench.ts'

/** Whole, and holding exactly what the log holds. */
export async function expectWhole({ archive, log }: Bench, messages: number): Promise<void> {
  const report = await verifyArchive(archive, { log })
  expect(report.partitions.filter((one) => one.fault !== null)).toEqual([])
  expect(report).toMatchObject({ isWhole: true, messages })
}

export async function valuesOf({ archive, log }: Bench, topic: string, partition = 0): Promise<(Buffer | null)[]> {
  const [info] = await log.topics([topic])
  const values: (Buffer | null)[] = []
  const high = (await log.offsets(topic))[partition]?.high ?? 0
  for (let offset = 0; offset < high; offset += 1) {
    const record = await readArchived(archive, { topic, logId: info?.logId ?? '', partition, offset })
    if (record) values.push(record.value)
  }
  return values
}

/** Kind, base and next of every object. */
export const bases = async ({ archive }: Bench): Promise<(readonly [string, number, number])[]> => {
  const found: (readonly [string, number, number])[] = []
  for await (const object of listArchive(archive)) found.push([object.kind, object.base, object.next])
  return found
}
