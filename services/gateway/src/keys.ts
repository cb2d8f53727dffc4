import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
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
  const key = readKey(file) ?? makeKey(file)
  chmodSync(file, 0o600)
  return { id: 'operator', sha256: sha256(key), operator: true }
}

/** null where there is none, or a crash left the file empty: the hash of nothing must open no door. */
function readKey(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Written whole under another name first, so that nobody reads half a key; of two that make one at once, the first wins. */
function makeKey(file: string): string {
  const { key } = createKey()
  const whole = `${file}.${process.pid}.tmp`
  writeFileSync(whole, `${key}\n`, { mode: 0o600 })
  try {
    linkSync(whole, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (readKey(file) === null) copyFileSync(whole, file)
  }
  unlinkSync(whole)
  return readKey(file) ?? key
}

/** Finds the caller of an `Authorization` header (bearer, or the password of basic); null for a missing, malformed or unknown key. */
export function createDoorkeeper(entries: readonly KeyEntry[]): (authorization: string | undefined) => Caller | null {
  const known = entries.map((entry) => ({ caller: callerOf(entry), digest: Buffer.from(entry.sha256, 'hex') }))
  return (authorization) => {
    const key = keyOf(authorization)
    if (key === null) return null
    const digest = createHash('sha256').update(key).digest()
    return known.find((candidate) => timingSafeEqual(candidate.digest, digest))?.caller ?? null
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
  return colon < 0 ? null : pair.slice(colon + 1) || null
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
