import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbedded } from '@dateline/embedded'
import type { Engines } from '@dateline/ports'
import { applyTopics, offsetAt } from '@dateline/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DeliveryNotes, openDeliveryNotes } from './notes.ts'

const hourMs = 3_600_000
let dir = ''
let nowMs = 0
let engines: Engines

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-notes-'))
  nowMs = Date.parse('2026-01-20T10:00:00Z')
  engines = await openEmbedded({ dir, nowMs: () => nowMs })
  await applyTopics(engines.log, [])
})
afterEach(async () => {
  await engines.close()
  await rm(dir, { recursive: true, force: true })
})

const note = (notes: DeliveryNotes, storyKey: string, storySeq: number): Promise<void> =>
  notes.note({
    subscription: 's',
    eventId: `evt_${storyKey}_${storySeq}`,
    storyKey,
    storySeq,
    result: 'delivered',
    at: new Date(nowMs).toISOString(),
  })

describe('a note', () => {
  it('speaks for all lower sequences of the story and subscription, here and in other processes', async () => {
    const [here, there] = [openDeliveryNotes(engines.log), openDeliveryNotes(engines.log)]
    await there.cover(nowMs)
    await note(here, 'anp:1', 3)
    await there.catchUp()
    for (const notes of [here, there])
      expect([
        notes.isOver('s', 'anp:1', 2),
        notes.isOver('s', 'anp:1', 3),
        notes.isOver('s', 'anp:1', 4),
        notes.isOver('s', 'anp:2', 1),
        notes.isOver('t', 'anp:1', 1),
      ]).toEqual([true, true, false, false, false])
  })

  it('is found again as far back as is asked for, and no further', async () => {
    const before = openDeliveryNotes(engines.log)
    for (let hour = 0; hour < 48; hour += 1) {
      for (let at = 0; at < 20; at += 1) await note(before, `anp:${hour}-${at}`, 1)
      nowMs += hourMs
    }
    const after = openDeliveryNotes(engines.log)
    await after.cover(nowMs - 5.5 * hourMs)
    expect(after.isOver('s', 'anp:43-7', 1)).toBe(true)
    expect(after.size).toBe(5 * 20)
    await after.cover(nowMs - 100 * hourMs)
    expect(after.size).toBe(48 * 20)
  })

  it('is forgotten when nothing so old is asked for any more, and found again when it is', async () => {
    const notes = openDeliveryNotes(engines.log)
    await notes.cover(nowMs)
    await note(notes, 'anp:old', 1)
    const oldMs = nowMs
    nowMs += hourMs
    await note(notes, 'anp:new', 1)
    notes.forgetBefore(nowMs)
    expect([notes.isOver('s', 'anp:old', 1), notes.isOver('s', 'anp:new', 1), notes.size]).toEqual([false, true, 1])
    await notes.cover(oldMs)
    expect(notes.isOver('s', 'anp:old', 1)).toBe(true)
  })
})

it('remembers for every process where a partition was begun', async () => {
  const [here, there] = [openDeliveryNotes(engines.log), openDeliveryNotes(engines.log)]
  expect(await here.beginOf(3, 17)).toBe(17)
  expect(await here.beginOf(3, 99)).toBe(17)
  expect(await there.beginOf(3, 99)).toBe(17)
  expect(await there.beginOf(4, 5)).toBe(5)
})

it('lets the first in the log count, of two that begin a partition at once or one after the other', async () => {
  const [here, there] = [openDeliveryNotes(engines.log), openDeliveryNotes(engines.log)]
  // Both have looked before the other begins.
  await here.beginOf(0, 1)
  await there.beginOf(0, 1)
  expect(await here.beginOf(5, 40)).toBe(40)
  expect(await there.beginOf(5, 90)).toBe(40)
  const rival = JSON.stringify({ begin: 90, partition: 5 })
  await engines.log.append([{ topic: 'stories.deliveries', key: 'begin 5', value: rival }])
  expect(await openDeliveryNotes(engines.log).beginOf(5, 99)).toBe(40)
})

it('numbers the tenures of a partition, whoever begins them', async () => {
  const [here, there] = [openDeliveryNotes(engines.log), openDeliveryNotes(engines.log)]
  const tenures = [
    await here.beginTenure(3),
    await there.beginTenure(3),
    await here.beginTenure(4),
    await here.beginTenure(3),
  ]
  const ofThree = [tenures[0], tenures[1], tenures[3]].map((tenure) => tenure?.number ?? 0)
  expect(ofThree).toEqual(ofThree.toSorted((a, b) => a - b))
  expect(new Set(ofThree).size).toBe(3)
  expect(new Set(tenures.map(({ logId }) => logId)).size).toBe(1)
})

it('finds the offset of a time', async () => {
  const times: number[] = []
  for (let at = 0; at < 30; at += 1) {
    nowMs += at % 3 === 0 ? 0 : 1_000
    times.push(nowMs)
    await engines.log.append([{ topic: 'stories.deliveries', partition: 0, key: 'k', value: '{}' }])
  }
  const place = { topic: 'stories.deliveries', partition: 0, low: 0, high: 30 }
  for (const timeMs of [0, ...times, (times[7] ?? 0) + 500, nowMs + 1]) {
    const wanted = times.findIndex((time) => time >= timeMs)
    expect(await offsetAt(engines.log, place, timeMs)).toBe(wanted < 0 ? 30 : wanted)
  }
})
