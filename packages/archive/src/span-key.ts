import { type Chain, chainPrefix, parseObjectKey, topicPrefix } from './object-key.ts'

/**
 * `joined`: one object with the messages of several. `removed`: a tombstone for what a contract's retention took out. Both stand in the
 * chain for every object between their two positions, whether that is still there or not.
 */
export type SpanKind = 'joined' | 'removed'

export interface SpanPlace {
  readonly kind: SpanKind
  readonly base: number
  readonly next: number
}

const RAW = 'raw/'
const SPANS = 'spans/'
const DIGITS = 20
const SHAPE = /^spans\/(.+\/)(\d{20})-(\d{20})\.(joined|removed)$/

/** The prefix of the spans of a topic, of all logs that ever bore the name; without a topic: of everything archived. */
export const spansOfTopicPrefix = (topic?: string): string => SPANS + topicPrefix(topic).slice(RAW.length)

export const spanPrefix = (chain: Chain): string => SPANS + chainPrefix(chain).slice(RAW.length)

/** Everything in the key is a function of the chain and the span. */
export const spanKey = (chain: Chain, { kind, base, next }: SpanPlace): string =>
  `${spanPrefix(chain)}${digits(base)}-${digits(next)}.${kind}`

/** null for a key that is of no span. */
export function parseSpanKey(key: string): (SpanPlace & { readonly chain: Chain }) | null {
  const parts = SHAPE.exec(key)
  const [, chain = '', base = '', next = '', kind] = parts ?? []
  const parsed = parseObjectKey(`${RAW}${chain}${base}`)
  const end = Number(next)
  if (parsed === null || (kind !== 'joined' && kind !== 'removed')) return null
  return Number.isSafeInteger(end) && end > parsed.base ? { ...parsed, kind, next: end } : null
}

const digits = (position: number): string => String(position).padStart(DIGITS, '0')
