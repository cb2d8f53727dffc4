import type { DeskKill, DeskLift, Item, ParsedRecord, Release, StoryState } from '@dateline/contracts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'

/** For tests: items of one story, and a story that they are told to, one after the other. */
export const startMs = Date.parse('2026-03-01T12:00:00Z')
export const storyKey = 'anp:story-1'
export const at = (seconds: number): string => new Date(startMs + seconds * 1_000).toISOString()

export interface Given extends Partial<Omit<Item, 'version' | 'position' | 'receivedAt'>> {
  readonly version?: string | number
  /** Seconds after the start; also the offset, unless said. */
  readonly received?: number
  readonly offset?: number
  readonly text?: string
}

export function item({ version, received = 0, offset, text, ...fields }: Given = {}): Item {
  const body = text ?? `text of ${version ?? 'the story'}`
  return {
    kind: 'item',
    supplier: 'anp',
    feed: 'anp-newsml',
    storyKey,
    position: `wire.anp-newsml@log1/0/${offset ?? Math.round(received * 1_000)}#0`,
    receivedAt: at(received),
    wireSha256: 'a'.repeat(64),
    attempt: '0',
    lane: 'live',
    format: 'newsml12',
    ...(version === undefined ? {} : { version: String(version) }),
    pubStatus: 'usable',
    sourceHash: hashOf(`source ${version} ${body} ${fields.embargo} ${fields.pubStatus}`),
    outputHash: hashOf(`output ${version} ${body} ${fields.embargo} ${fields.pubStatus}`),
    ...fields,
  }
}

export const kill = (given: Given = {}): Item => item({ pubStatus: 'canceled', text: 'kill', ...given })
export const withhold = (given: Given = {}): Item => item({ pubStatus: 'withheld', text: 'withhold', ...given })
export const deskKill: DeskKill = { kind: 'kill', storyKey, supplier: 'anp', by: 'night desk', reason: 'wrong man' }
export const deskLift: DeskLift = { kind: 'lift', storyKey, by: 'night desk' }
export const release = (eventId: string, held: Item): Release => ({ kind: 'release', storyKey, eventId, item: held })

/** FNV-1a, drawn out to 64 digits. */
function hashOf(text: string): string {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return (value >>> 0).toString(16).padStart(8, '0').repeat(8)
}

export interface Told extends Decision {
  /** `published/new`, or `-` for a command without a verdict. */
  readonly said: string
  /** `published#1`, or `-` when nothing left. */
  readonly left: string
  readonly state: StoryState | null
}

/** A story with a memory. Each record is decided a second after the last, or at the seconds given. */
export function createStory() {
  let state: StoryState | null = null
  let clock = 0
  return {
    tell(record: ParsedRecord, atSeconds?: number): Told {
      clock = atSeconds ?? Math.max(clock + 1, record.kind === 'item' ? secondsOf(record.receivedAt) : 0)
      const decision = decide(state, { storyKey, record, logTimeMs: startMs + clock * 1_000 })
      state = decision.next ?? state
      return {
        ...decision,
        state,
        said: decision.verdict === null ? '-' : `${decision.verdict.outcome}/${decision.verdict.reason}`,
        left: decision.event === null ? '-' : `${decision.event.kind}#${decision.event.seq}`,
      }
    },
    get state() {
      return state
    },
  }
}

const secondsOf = (instant: string): number => (Date.parse(instant) - startMs) / 1_000
