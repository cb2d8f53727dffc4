import type { Capture, StoryState } from '@dateline/contracts'
import type { LoadedState } from '@dateline/runtime'
import { type KnownCapture, readCapture } from '@dateline/story'
import { windowName } from './window-name.ts'

export interface StoryChange {
  readonly kind: 'story'
  readonly key: string
  readonly state: StoryState
}
export interface CaptureChange {
  readonly kind: 'capture'
  readonly feed: string
  readonly storyKey: string
  /** null: out of the window. */
  readonly capture: Capture | null
}
export type Change = StoryChange | CaptureChange

/** The states of a batch: as loaded, and as changed by the records before. */
export interface Memory {
  story(key: string): StoryState | null
  window(feed: string): ReadonlyMap<string, KnownCapture>
  apply(changes: readonly Change[]): void
  /** Feeds whose window was looked at. */
  feeds(): Iterable<string>
}

export function createMemory(loaded: LoadedState): Memory {
  const stories = new Map<string, StoryState | null>()
  const windows = new Map<string, Map<string, KnownCapture>>()
  return {
    story,
    window,
    apply(changes) {
      for (const change of changes) {
        if (change.kind === 'story') stories.set(change.key, change.state)
        else if (change.capture === null) window(change.feed).delete(change.storyKey)
        else window(change.feed).set(change.storyKey, readCapture(change.capture))
      }
    },
    feeds: () => windows.keys(),
  }

  function story(key: string): StoryState | null {
    const known = stories.get(key)
    if (known !== undefined) return known
    const value = loaded.value(key)
    const state = value === undefined ? null : (JSON.parse(value) as StoryState)
    stories.set(key, state)
    return state
  }

  function window(feed: string): Map<string, KnownCapture> {
    const known = windows.get(feed)
    if (known !== undefined) return known
    const captures = new Map([...capturesOf(loaded, feed)].map((capture) => [capture.storyKey, capture]))
    windows.set(feed, captures)
    return captures
  }
}

const parsed = new WeakMap<ReadonlyMap<string, string>, readonly KnownCapture[]>()

/** The captures of a feed's window as loaded, parsed once. */
export function capturesOf(loaded: LoadedState, feed: string): readonly KnownCapture[] {
  const group = loaded.group(windowName(feed))
  const known = parsed.get(group)
  if (known !== undefined) return known
  const captures = Array.from(group.values(), (value) => readCapture(JSON.parse(value) as Capture))
  parsed.set(group, captures)
  return captures
}
