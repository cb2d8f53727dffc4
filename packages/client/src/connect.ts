import { type FollowedEvent, type FollowOptions, follow } from './follow.ts'
import { refusalOf, Unreachable } from './refusal.ts'
import type { ReceiptState, StoryEvent } from './story-event.ts'

export interface PushOptions {
  readonly contentType?: string
  /** File name or the like, kept beside the message. */
  readonly name?: string
  /** The sender's own reference, kept with the receipt. */
  readonly idempotencyKey?: string
  /** Asks for the flash lane. */
  readonly flash?: boolean
}

/** A running instance, by its HTTP door. Every call rejects with Refusal for an answer that is no success, Unreachable when nothing answers. */
export interface Client {
  push(
    feed: string,
    bytes: Uint8Array,
    options?: PushOptions,
  ): Promise<{ readonly receipt: string; readonly lane: 'flash' | 'live' }>
  receipt(id: string): Promise<ReceiptState>
  /** The receipt once every item has its outcome, or as it is when the time is over. */
  waitForOutcomes(id: string, waitMs: number): Promise<ReceiptState>
  stories(options?: {
    readonly after?: string
    readonly limit?: number
  }): Promise<{ readonly stories: readonly StoryEvent[]; readonly next: string; readonly more: boolean }>
  /** All events of one story that the log keeps, oldest first. */
  history(storyKey: string): Promise<readonly StoryEvent[]>
  follow(options?: FollowOptions): AsyncGenerator<FollowedEvent>
}

/**
 * @example
 * const client = connect({ url: 'http://127.0.0.1:8787', key })
 * const isNewest = newestOnly()
 * for await (const event of client.follow({ after: lastCursor ?? 'start' })) {
 *   if (isNewest(event)) await keep(event.subject, event.data)
 *   await remember(event.cursor)
 * }
 */
export function connect(options: { readonly url: string; readonly key: string }): Client {
  const url = options.url.replace(/\/+$/, '')
  return {
    async push(feed, bytes, push = {}) {
      const headers: Record<string, string> = { 'content-type': push.contentType ?? 'application/octet-stream' }
      if (push.name !== undefined) headers['dateline-name'] = encodeURIComponent(push.name)
      if (push.idempotencyKey !== undefined) headers['idempotency-key'] = push.idempotencyKey
      if (push.flash === true) headers['dateline-lane'] = 'flash'
      return ask(`/v1/feeds/${encodeURIComponent(feed)}/messages`, {
        method: 'POST',
        body: bytes as Uint8Array<ArrayBuffer>,
        headers,
      })
    },
    receipt: (id) => ask(`/v1/receipts/${encodeURIComponent(id)}`),
    async waitForOutcomes(id, waitMs) {
      const deadline = performance.now() + waitMs
      for (;;) {
        const leftSeconds = Math.ceil((deadline - performance.now()) / 1_000)
        const state = await ask<ReceiptState>(`/v1/receipts/${encodeURIComponent(id)}`, {
          headers: { prefer: `wait=${Math.max(0, Math.min(leftSeconds, 30))}` },
        })
        if (state.state === 'settled' || performance.now() >= deadline) return state
      }
    },
    stories: ({ after, limit } = {}) =>
      ask(
        `/v1/stories?${new URLSearchParams({ ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit: String(limit) }) })}`,
      ),
    history: async (storyKey) =>
      (await ask<{ events: readonly StoryEvent[] }>(`/v1/stories/${encodeURIComponent(storyKey)}/history`)).events,
    follow: (followOptions = {}) => follow(url, options.key, followOptions),
  }

  async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
    // Made before the call: a header that cannot be sent is the caller's fault, not a door that does not answer.
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${options.key}`)
    const response = await fetch(url + path, { ...init, headers }).catch((error: unknown) => {
      throw new Unreachable(url, error)
    })
    if (!response.ok) throw await refusalOf(response)
    return (await response.json()) as T
  }
}
