import { lookup as resolve } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { structuredEvent } from '@dateline/story'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import type { PublishedEvent, Subscription } from './subscription.ts'

export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status: number }
  | { readonly kind: 'gone' }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'forbidden'; readonly why: string }

/** Addresses of this machine and of private networks: a webhook reaches them only where its subscription says so. */
const privateAddresses = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateAddresses.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of [
  ['::', 128],
  ['::1', 128],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(address, bits, 'ipv6')

/**
 * One attempt, as Standard Webhooks says: webhook-id is the event id (the same at every attempt), webhook-timestamp, and a signature
 * where the subscription has a secret. The body is the event as CloudEvents JSON. Redirects are not followed.
 */
export async function deliver(
  subscription: Subscription,
  event: PublishedEvent,
  nowMs: number,
): Promise<DeliveryResult> {
  const url = new URL(subscription.url)
  const address = await addressOf(url, subscription.allowPrivate)
  if (typeof address !== 'string') return address
  const body = structuredEvent(event.record)
  const at = new Date(nowMs)
  // The name was resolved once and is pinned: a second answer of the name server cannot lead elsewhere.
  const agent = new Agent({
    connect: {
      lookup: (_host, options, done) =>
        options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)),
    },
    connectTimeout: Math.min(subscription.timeoutMs, 10_000),
  })
  try {
    const response = await request(url, {
      method: 'POST',
      body,
      dispatcher: agent,
      headersTimeout: subscription.timeoutMs,
      bodyTimeout: subscription.timeoutMs,
      headers: {
        'content-type': 'application/cloudevents+json',
        'user-agent': 'Dateline',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(nowMs / 1_000)),
        ...(subscription.secret === undefined
          ? {}
          : { 'webhook-signature': new Webhook(subscription.secret).sign(event.id, at, body) }),
      },
    })
    await response.body.dump({ limit: 65_536 })
    return resultOf(response.statusCode, String(response.headers['retry-after'] ?? ''))
  } catch (error) {
    return {
      kind: 'unreachable',
      why: `${(error as { code?: string }).code ?? (error as Error).name}: ${(error as Error).message}`.slice(0, 300),
    }
  } finally {
    agent.close().catch(() => {})
  }
}

function resultOf(status: number, retryAfter: string): DeliveryResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', status }
  if (status === 410) return { kind: 'gone' }
  if (status === 429 || (status === 503 && retryAfter !== ''))
    return { kind: 'busy', retryAfterMs: Math.min(Math.max(Number(retryAfter) || 30, 1), 3_600) * 1_000 }
  if (status >= 500) return { kind: 'unreachable', why: `the answer was ${status}` }
  return { kind: 'refused', status }
}

async function addressOf(url: URL, allowPrivate: boolean): Promise<string | DeliveryResult> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { kind: 'forbidden', why: `${url.protocol} is no web address` }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  let address: string
  try {
    address = isIP(host) === 0 ? (await resolve(host)).address : host
  } catch (error) {
    return {
      kind: 'unreachable',
      why: `the name ${host} does not resolve (${(error as { code?: string }).code ?? 'no answer'})`,
    }
  }
  if (!allowPrivate && privateAddresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
    return {
      kind: 'forbidden',
      why: `${host} is a private address; set allowPrivate on the subscription if that is meant`,
    }
  return address
}
