import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '@dateline/runtime'

export type KeyEntry = Settings['keys'][number]

/** Who asks, and what that key may do. */
export interface Caller {
  readonly id: string
  readonly isOperator: boolean
  mayPush(feed: string): boolean
  mayRead(supplier: string): boolean
  /** Whether it may read stories at all. */
  readonly isReader: boolean
}

/** A fresh key, shown once, and its hash for the configuration. 192 random bits: a plain hash of it is safe to keep. */
export function createKey(): { readonly key: string; readonly sha256: string } {
  const key = `dl_${randomBytes(24).toString('base64url')}`
  return { key, sha256: sha256(key) }
}

/** The operator key of a data directory, made when there is none; readable by its owner alone. */
export function openOperatorKey(dataDir: string): KeyEntry {
  mkdirSync(dataDir, { recursive: true })
  const file = join(dataDir, 'operator.key')
  if (!existsSync(file)) writeFileSync(file, `${createKey().key}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
  return { id: 'operator', sha256: sha256(readFileSync(file, 'utf8').trim()), operator: true }
}

/** Finds the caller of an `Authorization` header (bearer, or the password of basic); null for a missing, malformed or unknown key. */
export function createDoorkeeper(entries: readonly KeyEntry[]): (authorization: string | undefined) => Caller | null {
  const known = entries.map((entry) => ({ entry, digest: Buffer.from(entry.sha256, 'hex') }))
  return (authorization) => {
    const key = keyOf(authorization)
    if (key === null) return null
    const digest = createHash('sha256').update(key).digest()
    const found = known.find((candidate) => timingSafeEqual(candidate.digest, digest))
    return found === undefined ? null : callerOf(found.entry)
  }
}

function callerOf(entry: KeyEntry): Caller {
  const isOperator = entry.operator === true
  const feeds = new Set<string>(entry.feeds ?? [])
  const reads = new Set(entry.reads ?? [])
  return {
    id: entry.id,
    isOperator,
    mayPush: (feed) => isOperator || feeds.has('*') || feeds.has(feed),
    mayRead: (supplier) => isOperator || reads.has('*') || reads.has(supplier),
    isReader: isOperator || reads.size > 0,
  }
}

function keyOf(authorization: string | undefined): string | null {
  const [scheme, value] = authorization?.trim().split(/\s+/, 2) ?? []
  if (value === undefined) return null
  if (scheme?.toLowerCase() === 'bearer') return value
  if (scheme?.toLowerCase() !== 'basic') return null
  const pair = Buffer.from(value, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? null : pair.slice(colon + 1)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
