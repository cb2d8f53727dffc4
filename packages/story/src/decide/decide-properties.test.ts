import type { Item, ParsedRecord, StoryState } from '@dateline/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decide } from './decide.ts'
import type { DecidedEvent } from './decision.ts'
import { at, deskKill, deskLift, item, release, startMs, storyKey } from './story-bench.ts'
import { compareInstants, compareNumbers, compareReceived, compareVersions, isNumber } from './version-order.ts'

const embargoes = ['none', 'indefinite', at(50), at(150)] as const

/** A message as an agency might send it; its place in the list is its offset. */
const message = fc.record({
  version: fc.option(fc.constantFrom('0', '1', '2', '3', '9', '10', 'final'), { nil: undefined }),
  versionCreated: fc.option(fc.integer({ min: 0, max: 5 }).map(at), { nil: undefined }),
  received: fc.integer({ min: 0, max: 200 }),
  text: fc.constantFrom('a', 'b', 'c'),
  pubStatus: fc.constantFrom('usable', 'usable', 'usable', 'usable', 'canceled', 'withheld'),
  embargo: fc.option(fc.constantFrom(...embargoes), { nil: undefined, freq: 6 }),
  change: fc.option(fc.constantFrom('correction', 'repeat'), { nil: undefined, freq: 4 }),
})

/** Messages, and the order in which they are decided: with repeats, in any order, with releases of whatever is held. */
const delivery = fc
  .record({
    messages: fc.array(message, { minLength: 1, maxLength: 6 }),
    order: fc.array(
      fc.oneof(
        { arbitrary: fc.nat(5), weight: 8 },
        { arbitrary: fc.constantFrom('release', 'kill', 'lift'), weight: 1 },
      ),
      { minLength: 2, maxLength: 14 },
    ),
    pauses: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 14, maxLength: 14 }),
  })
  .map(({ messages, order, pauses }) => {
    const items = messages.map((given, offset) => item({ ...defined(given), offset }))
    const steps = order.map((pick) => (typeof pick === 'number' ? (items[pick % items.length] as Item) : pick))
    return { steps, pauses }
  })

type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never

interface Step {
  readonly record: ParsedRecord
  readonly logTimeMs: number
  readonly before: StoryState | null
  readonly after: StoryState | null
  readonly event: DecidedEvent | null
}

function play({ steps, pauses }: Delivery): readonly Step[] {
  let state: StoryState | null = null
  let held: Item | null = null
  let logTimeMs = startMs
  return steps.flatMap((given, index) => {
    logTimeMs += (pauses[index] ?? 0) * 1_000
    const record = recordOf(given, state, held)
    if (record === null) return []
    const before: StoryState | null = state
    const decision = decide(before, { storyKey, record, logTimeMs })
    state = decision.next ?? state
    if (decision.event?.kind === 'embargoed' && record.kind === 'item') held = record
    return [{ record, logTimeMs, before, after: state, event: decision.event }]
  })
}

function recordOf(given: Delivery['steps'][number], state: StoryState | null, held: Item | null): ParsedRecord | null {
  if (given === 'kill') return deskKill
  if (given === 'lift') return deskLift
  if (given !== 'release') return given
  return held === null ? null : release(state?.heldEventId ?? 'evt_none', held)
}

const isStory = ({ event }: Step): boolean =>
  event !== null && ['published', 'updated', 'corrected', 'restored'].includes(event.kind)
const itemOf = ({ record }: Step): Item => (record.kind === 'release' ? record.item : (record as Item))

/** Every delivery of every run; the property names what must hold. */
function holdsFor(check: (steps: readonly Step[]) => void): void {
  fc.assert(
    fc.property(delivery, (given) => check(play(given))),
    { numRuns: 2_000 },
  )
}

it('publishes only what rises in version, date and time received', () => {
  holdsFor((steps) => {
    let newest: StoryState | null = null
    let isLifted = false
    for (const step of steps) {
      if (step.record.kind === 'lift') isLifted = true
      if (!isStory(step) || step.after === null) continue
      // What the desk took back comes again; nothing older does.
      const order = newest === null ? 1 : compareStates(step.after, newest)
      if (isLifted) expect(order).toBeGreaterThanOrEqual(0)
      else expect(order).toBeGreaterThan(0)
      newest = step.after
      isLifted = false
    }
  })
})

const ranked = (version: string | undefined): string => (isNumber(version) ? `1.${version}` : '0')

/** What is absent is the lowest. */
function compareStates(a: StoryState, b: StoryState): number {
  const rank = (state: StoryState) => ({ receivedAt: state.receivedAt ?? '', position: state.current ?? '' })
  return (
    compareNumbers(ranked(a.version), ranked(b.version)) ||
    compareInstants(a.versionCreated ?? at(-1), b.versionCreated ?? at(-1)) ||
    compareReceived(rank(a), rank(b))
  )
}

it('gives every event of a story the next sequence and an id of its own', () => {
  holdsFor((steps) => {
    const events = steps.flatMap(({ event }) => (event === null ? [] : [event]))
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    for (const { id } of events) expect(id).toMatch(/^evt_[a-z2-7]{26}$/)
  })
})

it('never lets an older usable version follow a kill or withhold', () => {
  holdsFor((steps) => {
    let standing: { recall: Item; state: StoryState }[] = []
    for (const step of steps) {
      const { record, event, after } = step
      if (event !== null && after !== null && (isStory(step) || event.kind === 'embargoed')) {
        for (const { recall, state } of standing) {
          expect(compareVersions(after, recall)).toBeGreaterThanOrEqual(0)
          // A recall without a version took the story's.
          expect(compareVersions(after, state)).toBeGreaterThanOrEqual(0)
          if (record.kind === 'item') expect(compareReceived(record, recall)).toBeGreaterThan(0)
        }
      }
      // Overcome, under a desk's kill too, it has had its say.
      if (after?.recall === undefined) standing = []
      else if (event !== null && record.kind === 'item') standing.push({ recall: record, state: after })
    }
  })
})

it('publishes nothing while a desk has killed the story', () => {
  holdsFor((steps) => {
    for (const step of steps) if (step.before?.desk !== undefined) expect(isStory(step)).toBe(false)
  })
})

it('makes no event of what it has just decided', () => {
  holdsFor((steps) => {
    for (const { record, logTimeMs, after } of steps) {
      if (after === null) continue
      const again = decide(after, { storyKey, record, logTimeMs })
      expect(again.event).toBe(null)
      expect(again.verdict?.outcome).not.toBe('published')
    }
  })
})

it('never publishes before an embargo has ended, the item’s own or one that binds it', () => {
  holdsFor((steps) => {
    for (const step of steps) {
      if (!isStory(step)) continue
      for (const embargo of [itemOf(step).embargo, step.after?.embargo]) {
        if (embargo === undefined || embargo === 'none') continue
        expect(embargo).not.toBe('indefinite')
        expect(Date.parse(embargo)).toBeLessThanOrEqual(step.logTimeMs)
      }
      const bound = step.before?.embargo
      if (itemOf(step).embargo === undefined && bound !== undefined)
        expect(Date.parse(bound)).toBeLessThanOrEqual(step.logTimeMs)
    }
  })
})

it('frees every held event once, when it leaves or is superseded, and holds at most one', () => {
  holdsFor((steps) => {
    for (const { before, after, event } of steps) {
      expect(after?.status === 'held').toBe(after?.heldEventId !== undefined)
      if (event?.kind === 'embargoed') expect(after?.heldEventId).toBe(event.id)
      else if (before?.heldEventId !== undefined) expect([undefined, before.heldEventId]).toContain(after?.heldEventId)
    }
  })
})

it('comes to the same end whichever of a version and a recall is decided first', () => {
  fc.assert(
    fc.property(message, message, (one, two) => {
      const usable = item({ ...defined(one), pubStatus: 'usable', embargo: 'none', offset: 1 })
      const recall = item({ ...defined(two), pubStatus: 'canceled', offset: 2 })
      const end = (records: readonly Item[]) =>
        records.reduce<StoryState | null>(
          (state, record, index) => decide(state, { storyKey, record, logTimeMs: startMs + index }).next ?? state,
          null,
        )?.status
      expect(end([usable, recall])).toBe(end([recall, usable]))
    }),
    { numRuns: 5_000 },
  )
})

function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
