import type { ParsedRecord } from '@dateline/contracts'
import { describe, expect, it } from 'vitest'
import { at, createStory, deskKill, deskLift, type Given, item, kill, release, withhold } from './story-bench.ts'

const day = 86_400

/** Records, and what is said of each and what leaves. */
type Case = readonly (readonly [record: ParsedRecord, said: string, left: string])[]

const v = (version: string | number, received: number, more: Given = {}) => item({ version, received, ...more })
const u = (text: string, received: number, more: Given = {}) => item({ text, received, ...more })

function check(cases: Readonly<Record<string, Case>>): void {
  for (const [name, steps] of Object.entries(cases)) {
    it(name, () => {
      const story = createStory()
      const told = steps.map(([record]) => {
        const { said, left } = story.tell(record)
        return [said, left]
      })
      expect(told).toEqual(steps.map(([, said, left]) => [said, left]))
    })
  }
}

describe('versions', () => {
  check({
    'one version that comes three times is published once': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(1, 2), 'duplicate/same-version', '-'],
      [v(1, 3), 'duplicate/same-version', '-'],
    ],
    '3, 2, 4 publishes 3 and 4': [
      [v(3, 1), 'published/new', 'published#1'],
      [v(2, 2), 'stale/older-version', '-'],
      [v(4, 3), 'published/new-version', 'updated#2'],
    ],
    '"10" comes after "9"': [
      [v('9', 1), 'published/new', 'published#1'],
      [v('10', 2), 'published/new-version', 'updated#2'],
      [v('9', 3), 'stale/older-version', '-'],
    ],
    'a padded "0000000000000010" comes after "0000000000000009"': [
      [v('0000000000000009', 1), 'published/new', 'published#1'],
      [v('0000000000000010', 2), 'published/new-version', 'updated#2'],
    ],
    '0 is a version': [
      [v(0, 1), 'published/new', 'published#1'],
      [v(0, 2), 'duplicate/same-version', '-'],
      [v(1, 3), 'published/new-version', 'updated#2'],
      [v(0, 4, { text: 'again' }), 'stale/older-version', '-'],
    ],
    'large numbers that skip are in order': [
      [v('978556838', 1), 'published/new', 'published#1'],
      [v('1542761538', 2), 'published/new-version', 'updated#2'],
      [v('978556838', 3), 'stale/older-version', '-'],
    ],
    'numbers beyond 2^53 are told apart': [
      [v('90071992547409931', 1), 'published/new', 'published#1'],
      [v('90071992547409930', 2), 'stale/older-version', '-'],
      [v('90071992547409932', 3), 'published/new-version', 'updated#2'],
    ],
    '"1.10" comes after "1.9", and "2" after both': [
      [v('1.9', 1), 'published/new', 'published#1'],
      [v('1.10', 2), 'published/new-version', 'updated#2'],
      [v('2', 3), 'published/new-version', 'updated#3'],
      [v('1.11', 4), 'stale/older-version', '-'],
    ],
    'versions that are no numbers follow their date, then their arrival': [
      [v('first', 1, { versionCreated: at(1) }), 'published/new', 'published#1'],
      [v('final', 2, { versionCreated: at(5) }), 'published/new-version', 'updated#2'],
      [v('second', 3, { versionCreated: at(3) }), 'stale/older-version', '-'],
      [v('final b', 4, { versionCreated: at(5) }), 'published/new-version', 'updated#3'],
    ],
    'the same version with other content is a revision, counted as metadata': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(1, 2, { text: 'other' }), 'published/metadata', 'updated#2'],
      [v(1, 1.5, { text: 'between' }), 'stale/older-version', '-'],
    ],
    'a revision that calls itself a correction is one': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(1, 2, { text: 'other', change: 'correction' }), 'published/correction', 'corrected#2'],
      [v(2, 3, { change: 'correction' }), 'published/correction', 'corrected#3'],
      [v(3, 4, { change: 'repeat' }), 'published/repeat', 'updated#4'],
    ],
    'an item that lacks a version has the one that is known': [
      [v(3, 1), 'published/new', 'published#1'],
      [u('addition', 2), 'published/new-content', 'updated#2'],
      [v(2, 3), 'stale/older-version', '-'],
      [v(3, 1.5, { text: 'late' }), 'stale/older-version', '-'],
      [v(4, 5), 'published/new-version', 'updated#3'],
    ],
    'stories without versions follow their arrival': [
      [u('a', 1), 'published/new', 'published#1'],
      [u('a', 2), 'duplicate/same-content', '-'],
      [u('b', 3), 'published/new-content', 'updated#2'],
      [u('c', 2.5), 'stale/older-version', '-'],
      [u('a', 4), 'published/new-content', 'updated#3'],
    ],
    'equal numbers follow the date of the version': [
      [v(1, 1, { versionCreated: at(10) }), 'published/new', 'published#1'],
      [v(1, 2, { versionCreated: at(5), text: 'older' }), 'stale/older-version', '-'],
      [v(1, 3, { versionCreated: at(20), text: 'newer' }), 'published/new-content', 'updated#2'],
      [v(1, 4, { versionCreated: at(30), text: 'newer' }), 'duplicate/same-version', '-'],
    ],
    'what gives the same document is not sent again': [
      [v(1, 1, { sourceHash: 'a'.repeat(64) }), 'published/new', 'published#1'],
      [v(1, 2, { sourceHash: 'b'.repeat(64) }), 'duplicate/same-output', '-'],
    ],
    'what was received 400 days ago comes too late': [
      [{ ...v(1, 0), receivedAt: at(-401 * day) }, 'stale/too-old', '-'],
      [{ ...kill(), receivedAt: at(-401 * day) }, 'stale/too-old', '-'],
    ],
  })

  it('counts the changes within a version', () => {
    const story = createStory()
    const events = [v(1, 1), v(1, 2, { text: 'b' }), u('c', 3), v(2, 4), kill({ version: 2, received: 5 })]
      .map((record) => story.tell(record).event)
      .map((event) => [event?.version, event?.revision])
    expect(events).toEqual([
      ['1', 0],
      ['1', 1],
      ['1', 2],
      ['2', 0],
      ['2', 1],
    ])
  })

  it('forgets a story 400 days after its last event', () => {
    const story = createStory()
    story.tell(v(3, 0), 0)
    expect(story.tell(v(2, 400 * day), 400 * day).said).toBe('stale/older-version')
    expect(story.tell(v(2, 401 * day), 401 * day).said).toBe('published/new')
  })
})

describe('reprocessing', () => {
  const first = v(1, 1, { outputHash: 'a'.repeat(64) })
  const again = (attempt: string, output: string) => ({ ...first, attempt, outputHash: output.repeat(64) })
  check({
    'the current message read anew gives a revision only when the document changed': [
      [first, 'published/new', 'published#1'],
      [again('r1.1', 'a'), 'duplicate/same-output', '-'],
      [again('r1.2', 'b'), 'published/reprocessed', 'updated#2'],
      [again('r1.2', 'b'), 'duplicate/same-version', '-'],
      [again('r1.1', 'c'), 'duplicate/same-version', '-'],
      [again('0', 'a'), 'duplicate/same-version', '-'],
      [again('r2.1', 'c'), 'published/reprocessed', 'updated#3'],
    ],
    'a replay of the whole day publishes nothing': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(2, 2), 'published/new-version', 'updated#2'],
      [kill({ version: 2, received: 3 }), 'recalled/killed', 'killed#3'],
      [v(3, 100), 'published/restored', 'restored#4'],
      [{ ...v(1, 1), attempt: 'r1.1' }, 'stale/older-version', '-'],
      [{ ...v(2, 2), attempt: 'r1.1' }, 'stale/older-version', '-'],
      [{ ...kill({ version: 2, received: 3 }), attempt: 'r1.1' }, 'stale/older-version', '-'],
      [{ ...v(3, 100), attempt: 'r1.1' }, 'duplicate/same-output', '-'],
    ],
    'an older message read anew stays behind': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(2, 2), 'published/new-version', 'updated#2'],
      [{ ...v(1, 1), attempt: 'r1.1', outputHash: 'f'.repeat(64) }, 'stale/older-version', '-'],
    ],
    'a first sight is never called reprocessed': [
      [v(1, 1, { embargo: 'indefinite' }), 'held/embargoed', 'embargoed#1'],
      [{ ...v(1, 1, { embargo: 'none' }), attempt: 'r1.1' }, 'published/new', 'published#2'],
    ],
  })
})

describe('kill and withhold', () => {
  check({
    'a kill recalls the story, and older versions stay away': [
      [v(3, 1), 'published/new', 'published#1'],
      [kill({ version: 3, received: 2 }), 'recalled/killed', 'killed#2'],
      [v(3, 3), 'stale/killed', '-'],
      [v(2, 4), 'stale/killed', '-'],
    ],
    'a kill before its story is remembered': [
      [kill({ version: 2, received: 1 }), 'recalled/killed', 'killed#1'],
      [v(1, 2), 'stale/killed', '-'],
      [v(2, 3), 'stale/killed', '-'],
      [v(3, 4), 'published/restored', 'restored#2'],
    ],
    'a kill without a version before its story takes the version that comes first': [
      [kill({ received: 1 }), 'recalled/killed', 'killed#1'],
      [v(1, 200), 'stale/killed', '-'],
      [v(1, 201, { text: 'other' }), 'stale/killed', '-'],
      [v(2, 202), 'published/restored', 'restored#2'],
    ],
    'a kill that comes twice recalls once': [
      [v(1, 1), 'published/new', 'published#1'],
      [kill({ version: 2, received: 2 }), 'recalled/killed', 'killed#2'],
      [kill({ version: 2, received: 2 }), 'duplicate/already-killed', '-'],
      [kill({ version: 2, received: 3 }), 'duplicate/already-killed', '-'],
    ],
    'a kill without a version after version 3 recalls it': [
      [v(3, 1), 'published/new', 'published#1'],
      [kill({ received: 2 }), 'recalled/killed', 'killed#2'],
      [v(3, 100), 'stale/killed', '-'],
      [v(4, 101), 'published/restored', 'restored#3'],
    ],
    'a kill of version 2 recalls version 3 too': [
      [v(3, 1), 'published/new', 'published#1'],
      [kill({ version: 2, received: 2 }), 'recalled/killed', 'killed#2'],
    ],
    'a kill loses only to a version above it that was received later': [
      [v(4, 10), 'published/new', 'published#1'],
      [kill({ version: 3, received: 5 }), 'stale/older-version', '-'],
      [kill({ version: 4, received: 6 }), 'recalled/killed', 'killed#2'],
    ],
    'a version above the kill that was received before it does not restore': [
      [v(1, 1), 'published/new', 'published#1'],
      [kill({ version: 2, received: 10 }), 'recalled/killed', 'killed#2'],
      [v(3, 9), 'stale/killed', '-'],
      [v(3, 20), 'stale/killed', '-'],
      [v(4, 21), 'published/restored', 'restored#3'],
    ],
    'restoring needs a version above every one seen, a repeated kill included': [
      [v(1, 1), 'published/new', 'published#1'],
      [kill({ version: 2, received: 2 }), 'recalled/killed', 'killed#2'],
      [kill({ version: 5, received: 3 }), 'duplicate/already-killed', '-'],
      [v(4, 100), 'stale/killed', '-'],
      [v(6, 101), 'published/restored', 'restored#3'],
      [v(5, 102), 'stale/older-version', '-'],
    ],
    'without versions, restoring needs a minute': [
      [u('a', 1), 'published/new', 'published#1'],
      [kill({ received: 10 }), 'recalled/killed', 'killed#2'],
      [u('b', 69.999), 'stale/killed', '-'],
      [u('b', 70), 'published/restored', 'restored#3'],
      [kill({ received: 10 }), 'stale/older-version', '-'],
      [kill({ received: 11 }), 'recalled/killed', 'killed#4'],
    ],
    'a dated version restores when it is dated later than the kill, not at the same time': [
      [u('a', 1, { versionCreated: at(1) }), 'published/new', 'published#1'],
      [kill({ received: 10, versionCreated: at(9) }), 'recalled/killed', 'killed#2'],
      [u('b', 100, { versionCreated: at(9) }), 'stale/killed', '-'],
      [u('b', 101, { versionCreated: at(8) }), 'stale/killed', '-'],
      [u('b', 102, { versionCreated: at(11) }), 'published/restored', 'restored#3'],
    ],
    'what is dated before a kill without a number stays away, whatever its number': [
      [v(3, 1, { versionCreated: at(1) }), 'published/new', 'published#1'],
      [kill({ received: 10, versionCreated: at(9) }), 'recalled/killed', 'killed#2'],
      [v(4, 11, { versionCreated: at(8) }), 'stale/killed', '-'],
      [v(5, 12, { versionCreated: at(11) }), 'published/restored', 'restored#3'],
    ],
    'a withhold is a recall, and a kill after it is graver': [
      [v(1, 1), 'published/new', 'published#1'],
      [withhold({ version: 2, received: 2 }), 'recalled/withheld', 'withheld#2'],
      [withhold({ version: 2, received: 3 }), 'duplicate/already-withheld', '-'],
      [kill({ version: 2, received: 4 }), 'recalled/killed', 'killed#3'],
      [withhold({ version: 3, received: 5 }), 'duplicate/already-killed', '-'],
      [v(4, 6), 'published/restored', 'restored#4'],
    ],
    "a desk's kill is lifted by the desk alone": [
      [v(1, 1), 'published/new', 'published#1'],
      [deskKill, 'recalled/killed', 'killed#2'],
      [deskKill, 'duplicate/already-killed', '-'],
      [v(2, 100), 'stale/killed', '-'],
      [deskLift, '-', '-'],
      [v(1, 1), 'stale/older-version', '-'],
      [{ ...v(2, 100), attempt: 'r1.1' }, 'published/restored', 'restored#3'],
    ],
    "a supplier's kill stands when the desk lifts its own": [
      [v(1, 1), 'published/new', 'published#1'],
      [deskKill, 'recalled/killed', 'killed#2'],
      [kill({ version: 2, received: 3 }), 'duplicate/already-killed', '-'],
      [deskLift, '-', '-'],
      [v(2, 4), 'stale/killed', '-'],
      [v(3, 5), 'published/restored', 'restored#3'],
    ],
    "a supplier's kill is not softened by its withhold under a desk's": [
      [deskKill, 'recalled/killed', 'killed#1'],
      [kill({ version: 2, received: 3 }), 'duplicate/already-killed', '-'],
      [withhold({ version: 2, received: 4 }), 'duplicate/already-killed', '-'],
      [deskLift, '-', '-'],
      [withhold({ version: 2, received: 5 }), 'duplicate/already-killed', '-'],
    ],
    'a minute after a late kill, what is older than the killed version stays away': [
      [v(3, 1_000), 'published/new', 'published#1'],
      [kill({ received: 50 }), 'recalled/killed', 'killed#2'],
      [u('b', 115), 'stale/killed', '-'],
      [u('c', 1_001), 'published/restored', 'restored#3'],
    ],
    "a supplier takes its own kill back under a desk's": [
      [v(1, 1), 'published/new', 'published#1'],
      [kill({ version: 2, received: 2 }), 'recalled/killed', 'killed#2'],
      [deskKill, 'duplicate/already-killed', '-'],
      [v(3, 5), 'stale/killed', '-'],
      [deskLift, '-', '-'],
      [{ ...v(3, 5), attempt: 'r1.1' }, 'published/restored', 'restored#3'],
    ],
    "a desk's kill before the story is remembered": [
      [deskKill, 'recalled/killed', 'killed#1'],
      [v(1, 100), 'stale/killed', '-'],
    ],
    'a lift of what the desk did not kill is ignored': [
      [deskLift, 'ignored/lift-not-killed', '-'],
      [kill({ version: 1, received: 1 }), 'recalled/killed', 'killed#1'],
      [deskLift, 'ignored/lift-not-killed', '-'],
    ],
  })

  it('tells of a story that was only ever held its uri and version alone', () => {
    const story = createStory()
    story.tell(v(1, 1, { embargo: 'indefinite' }))
    expect(story.tell(kill({ version: 2, received: 2 })).event).toMatchObject({ document: 'bare', version: '2' })
    const desk = createStory()
    desk.tell(v(1, 1, { embargo: 'indefinite' }))
    expect(desk.tell(deskKill).event).toMatchObject({ document: 'bare', version: '1' })
    const known = createStory()
    known.tell(v(1, 1))
    known.tell(v(2, 2, { embargo: 'indefinite' }))
    expect(known.tell(kill({ received: 3 })).event).toMatchObject({ document: 'item', version: '2' })
  })
})

describe('embargo', () => {
  const until = (seconds: number, more: Given = {}): Given => ({ embargo: at(seconds), ...more })

  it('holds until a release that is due, and frees what is held', () => {
    const story = createStory()
    const held = v(1, 1, until(60))
    const first = story.tell(held)
    expect([first.said, first.left]).toEqual(['held/embargoed', 'embargoed#1'])
    const command = release(first.event?.id ?? '', held)
    expect(story.tell(command, 59.999)).toMatchObject({ said: 'ignored/release-not-held', left: '-', unheld: null })
    expect(story.tell({ ...command, eventId: 'evt_other' }, 60).said).toBe('ignored/release-not-held')
    const other = { ...held, outputHash: 'f'.repeat(64) }
    expect(story.tell({ ...command, item: other }, 60).said).toBe('ignored/release-not-held')
    const released = story.tell(command, 60)
    expect(released).toMatchObject({ said: 'published/released', left: 'published#2', unheld: first.event?.id })
    expect(released.event).toMatchObject({ change: 'new', version: '1' })
    expect(story.tell(command, 61).said).toBe('ignored/release-not-held')
    expect(story.tell(held, 62).said).toBe('duplicate/same-version')
  })

  it('binds later versions until it is moved or cleared, and only the newest held one leaves', () => {
    const story = createStory()
    const one = story.tell(v(1, 1, until(60)))
    const two = story.tell(v(2, 2))
    expect(two).toMatchObject({ said: 'held/embargoed', left: 'embargoed#2', unheld: one.event?.id })
    const moved = v(3, 3, until(120))
    const three = story.tell(moved)
    expect(three).toMatchObject({ said: 'held/embargoed', unheld: two.event?.id })
    expect(story.tell(release(two.event?.id ?? '', v(2, 2)), 119).said).toBe('ignored/release-not-held')
    expect(story.tell(release(three.event?.id ?? '', moved), 119).said).toBe('ignored/release-not-held')
    expect(story.tell(v(4, 119.5, { embargo: 'none' }), 119.5)).toMatchObject({
      said: 'published/new',
      left: 'published#4',
      unheld: three.event?.id,
    })
    expect(story.tell(v(5, 120)).said).toBe('published/new-version')
  })

  it('never releases a held story that was killed before its end', () => {
    const story = createStory()
    const held = v(1, 1, until(60))
    const first = story.tell(held)
    const killed = story.tell(kill({ version: 2, received: 2 }))
    expect(killed).toMatchObject({ said: 'recalled/killed', unheld: first.event?.id })
    expect(story.tell(release(first.event?.id ?? '', held), 61).said).toBe('ignored/release-not-held')
    expect(story.tell(v(3, 30), 30)).toMatchObject({ said: 'held/embargoed' })
  })

  it('recalls what readers hold when a late kill loses to a version that is still held', () => {
    const story = createStory()
    story.tell(v(2, 1))
    const held = v(4, 20, until(60))
    const { event } = story.tell(held)
    const late = kill({ version: 3, received: 10 })
    expect(story.tell(late)).toMatchObject({ said: 'recalled/killed', unheld: null })
    expect(story.tell(late).said).toBe('stale/older-version')
    expect(story.tell(release(event?.id ?? '', held), 60)).toMatchObject({ left: 'restored#4' })
  })

  check({
    'without a word of one, a story leaves at once': [[v(1, 1), 'published/new', 'published#1']],
    'an empty one holds without end': [
      [v(1, 1, { embargo: 'indefinite' }), 'held/embargoed', 'embargoed#1'],
      [v(2, 400 * day), 'held/embargoed', 'embargoed#2'],
    ],
    'one that is past publishes': [[v(1, 10, until(5)), 'published/new', 'published#1']],
    'one that cannot be read holds': [[v(1, 1, { embargo: 'soon' }), 'held/embargoed', 'embargoed#1']],
    'one that is past when the next version comes binds no more': [
      [v(1, 1, until(60)), 'held/embargoed', 'embargoed#1'],
      [v(2, 61), 'published/new', 'published#2'],
    ],
    'a later version of a published story is held too': [
      [v(1, 1), 'published/new', 'published#1'],
      [v(2, 2, until(60)), 'held/embargoed', 'embargoed#2'],
      [v(1, 3, { text: 'late' }), 'stale/older-version', '-'],
    ],
    'one said while the story is recalled binds what restores it': [
      [v(1, 1), 'published/new', 'published#1'],
      [kill({ version: 5, received: 2 }), 'recalled/killed', 'killed#2'],
      [v(5, 3, { embargo: 'indefinite', versionCreated: at(1) }), 'stale/killed', '-'],
      [v(6, 4), 'held/embargoed', 'embargoed#3'],
    ],
  })
})
