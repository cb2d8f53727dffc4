import { setTimeout as sleep } from 'node:timers/promises'
import { createParser } from 'eventsource-parser'
import { Refusal, refusalOf } from './refusal.ts'
import type { StoryEvent } from './story-event.ts'

export interface FollowOptions {
  /** A cursor, `start` for the oldest story kept; absent: from now on. */
  readonly after?: string
  readonly signal?: AbortSignal
  /** Told when the stream broke and is taken up again. */
  readonly onReconnect?: (error: unknown) => void
}

/** A story and the cursor behind it, to go on from after a restart. */
export type FollowedEvent = StoryEvent & { readonly cursor: string }

interface Told {
  readonly cursor: string
  /** null where only the cursor was told. */
  readonly data: string | null
}

/** The door says something every 15 s: after three times that, the line is dead, whatever it pretends. */
const silentForMs = 45_000

/** The stream of stories, taken up again from the last cursor when it breaks. Throws Refusal for what waiting does not mend: a wrong key, a cursor that is too old. */
export async function* follow(url: string, key: string, options: FollowOptions): AsyncGenerator<FollowedEvent> {
  const { signal } = options
  let cursor = options.after
  let pauseMs = 250
  while (!signal?.aborted) {
    try {
      for await (const told of stream(url, key, cursor, signal)) {
        pauseMs = 250
        cursor = told.cursor
        if (told.data !== null) yield { ...(JSON.parse(told.data) as StoryEvent), cursor }
      }
      options.onReconnect?.(new Error('The stream ended'))
    } catch (error) {
      if (signal?.aborted) return
      if (error instanceof Refusal && !mayPass(error.status)) throw error
      options.onReconnect?.(error)
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, signal ? { signal } : undefined).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, 10_000)
  }
}

const mayPass = (status: number): boolean => status >= 500 || status === 408 || status === 429

async function* stream(
  url: string,
  key: string,
  after: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Told> {
  const line = new AbortController()
  const cut = (): void => line.abort(signal?.reason)
  const silence = setTimeout(() => line.abort(new Error('Nothing was heard for too long')), silentForMs)
  signal?.addEventListener('abort', cut)
  if (signal?.aborted) cut()
  try {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
    const response = await fetch(`${url}/v1/stories/stream${query}`, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      signal: line.signal,
    })
    if (!response.ok || response.body === null) throw await refusalOf(response)
    const waiting: Told[] = []
    let cursor = after ?? ''
    const parser = createParser({
      onId(id) {
        cursor = id ?? cursor
        waiting.push({ cursor, data: null })
      },
      onEvent: ({ data }) => void waiting.push({ cursor, data }),
    })
    const decoder = new TextDecoder()
    for await (const chunk of response.body) {
      silence.refresh()
      parser.feed(decoder.decode(chunk, { stream: true }))
      for (let told = waiting.shift(); told !== undefined; told = waiting.shift()) yield told
    }
  } finally {
    clearTimeout(silence)
    signal?.removeEventListener('abort', cut)
  }
}
