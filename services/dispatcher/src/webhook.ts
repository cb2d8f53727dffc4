import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { structuredEvent } from '@dateline/story'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import { isPrivateAddress } from './private-addresses.ts'
import type { PublishedEvent, Subscription } from './subscription.ts'

export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'forbidden'; readonly why: string }

/** Addresses of a name: all of them, or the error of the name server. */
export type Resolve = (host: string) => Promise<readonly string[]>

export interface Sender {
  /**
   * One attempt, as Standard Webhooks says: webhook-id is the event id (the same at every attempt), webhook-timestamp, and a signature
   * where the subscription has a secret. The body is the event as CloudEvents JSON. Redirects are not followed. Never rejects.
   */
  send(subscription: Subscription, event: PublishedEvent, nowMs: number): Promise<DeliveryResult>
  close(): Promise<void>
}

/** Keeps connections open between deliveries, one agent for each subscription and what its name resolved to. */
export function createSender(resolve: Resolve = systemResolve): Sender {
  const agents = new Map<string, { readonly addresses: string; readonly agent: Agent }>()
  return {
    async send(subscription, event, nowMs) {
      const url = new URL(subscription.url)
      const addresses = await addressesOf(url, subscription.allowPrivate, resolve)
      if (!Array.isArray(addresses)) return addresses as DeliveryResult
      const body = structuredEvent(event.record)
      const deadline = AbortSignal.timeout(subscription.timeoutMs)
      try {
        const response = await request(url, {
          method: 'POST',
          body,
          dispatcher: agentOf(subscription.name, addresses as readonly string[]),
          signal: deadline,
          headers: {
            'content-type': 'application/cloudevents+json',
            'user-agent': 'Dateline',
            'webhook-id': event.id,
            'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
            ...signatureOf(subscription, event, { body, nowMs }),
          },
        })
        // The status is the answer; what is said with it is not waited for.
        response.body.dump({ limit: 65_536 }).catch(() => {})
        return resultOf(response.statusCode, String(response.headers['retry-after'] ?? ''), nowMs)
      } catch (error) {
        return { kind: 'unreachable', why: whyOf(error, subscription, deadline) }
      }
    },
    async close() {
      await Promise.all([...agents.values()].map(({ agent }) => agent.destroy()))
      agents.clear()
    },
  }

  /** The name was resolved and looked at; the connection goes there and nowhere else, whatever the name server says next. */
  function agentOf(name: string, addresses: readonly string[]): Agent {
    const known = agents.get(name)
    const now = addresses.toSorted().join()
    if (known?.addresses === now) return known.agent
    known?.agent.close().catch(() => {})
    const agent = new Agent({ connect: { lookup: pinnedTo(addresses) } })
    agents.set(name, { addresses: now, agent })
    return agent
  }
}

/** Throws for a secret that can sign nothing. */
export function signatureOf(
  { secret }: Pick<Subscription, 'secret'>,
  { id }: Pick<PublishedEvent, 'id'>,
  { body, nowMs }: { readonly body: string; readonly nowMs: number },
): Record<string, string> {
  return secret === undefined ? {} : { 'webhook-signature': new Webhook(secret).sign(id, new Date(nowMs), body) }
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  const first = all[0] ?? { address: '', family: 0 }
  return (_host, options, done) => (options.all ? done(null, all) : done(null, first.address, first.family))
}

function whyOf(error: unknown, { timeoutMs }: Subscription, deadline: AbortSignal): string {
  if (deadline.aborted) return `no answer within ${timeoutMs} ms`
  const { code, name, message } = error as Error & { code?: string }
  return `${code ?? name}: ${message}`.slice(0, 300)
}

function resultOf(status: number, retryAfter: string, nowMs: number): DeliveryResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  if (status === 410) return { kind: 'gone' }
  if (status === 429 || (status === 503 && retryAfter !== ''))
    return { kind: 'busy', retryAfterMs: waitOf(retryAfter, nowMs) }
  if (status >= 500 || status === 408) return { kind: 'unreachable', why: `the answer was ${status}` }
  return { kind: 'refused', status }
}

/** Seconds or a date (RFC 9110), from a second to an hour; half a minute where there is neither. */
function waitOf(retryAfter: string, nowMs: number): number {
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - nowMs) / 1_000
  return Math.min(Math.max(Number.isNaN(seconds) ? 30 : seconds, 1), 3_600) * 1_000
}

const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/** Where a delivery may go: of the addresses of the name, those that are allowed. */
export async function addressesOf(
  url: URL,
  allowPrivate: boolean,
  resolve: Resolve,
): Promise<readonly string[] | DeliveryResult> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { kind: 'forbidden', why: `${url.protocol} is no web address` }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  let found: readonly string[]
  try {
    found = isIP(host) === 0 ? await resolve(host) : [host]
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'no answer'
    return { kind: 'unreachable', why: `the name ${host} does not resolve (${code})` }
  }
  const allowed = allowPrivate ? found : found.filter((address) => !isPrivateAddress(address))
  if (allowed.length > 0) return allowed
  return {
    kind: 'forbidden',
    why: `${host} is a private address; set allowPrivate on the subscription if that is meant`,
  }
}
