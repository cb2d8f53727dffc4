import { setTimeout as sleep } from 'node:timers/promises'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
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

/** The stream of stories, taken up again from the last cursor when it breaks. Throws Refusal for what waiting does not mend: a wrong key, a cursor that is too old. */
export async function* follow(url: string, key: string, options: FollowOptions): AsyncGenerator<FollowedEvent> {
  let cursor = options.after
  let pauseMs = 250
  while (!options.signal?.aborted) {
    try {
      for await (const message of messages(url, key, cursor, options.signal)) {
        pauseMs = 250
        if (message.id !== undefined) cursor = message.id
        yield { ...(JSON.parse(message.data) as StoryEvent), cursor: cursor ?? '' }
      }
    } catch (error) {
      if (options.signal?.aborted) return
      if (error instanceof Refusal && error.status < 500) throw error
      options.onReconnect?.(error)
    }
    await sleep(
      pauseMs * (0.5 + Math.random() / 2),
      undefined,
      options.signal ? { signal: options.signal } : undefined,
    ).catch(() => {})
    pauseMs = Math.min(pauseMs * 2, 10_000)
  }
}

async function* messages(
  url: string,
  key: string,
  after: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventSourceMessage> {
  const response = await fetch(
    `${url}/v1/stories/stream${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
      ...(signal === undefined ? {} : { signal }),
    },
  )
  if (!response.ok || response.body === null) throw await refusalOf(response)
  const waiting: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => waiting.push(event) })
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) yield message
  }
}
