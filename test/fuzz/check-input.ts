import { readFileSync } from 'node:fs'
import { faultOf, validatePublishedStory } from '@dateline/contracts'
import { type NormalizedMessage, normalize } from '@dateline/normalize'
import { completeDocument } from '@dateline/story'
import type { FuzzInput } from './input.ts'

export interface Checked {
  readonly items: NormalizedMessage['items']
  /** CPU of one pass, in user and kernel mode. */
  readonly cpuMs: number
  /** What the heap and the buffers beside it grew by; below zero where memory was given back meanwhile. */
  readonly heapRiseBytes: number
  /** The promise that was broken; null: none. */
  readonly fault: string | null
}

const schema = JSON.parse(readFileSync(new URL('../../schemas/common.schema.json', import.meta.url), 'utf8'))
const reasons: Readonly<Record<'reject' | 'ignore', ReadonlySet<string>>> = {
  reject: new Set(schema.$defs.RejectReason.enum),
  ignore: new Set(schema.$defs.IgnoreReason.enum),
}

/** Reads one input as the normalizer does, and says which promise it broke. */
export function checkInput({ wire, isSampled }: FuzzInput): Checked {
  const before = heapBytes()
  const cpuBefore = process.threadCpuUsage()
  let items: NormalizedMessage['items'] = []
  let fault: string | null = null
  try {
    ;({ items } = normalize(wire))
  } catch (thrown) {
    fault = `threw ${thrown instanceof Error ? thrown.stack : String(thrown)}`
  }
  const { user, system } = process.threadCpuUsage(cpuBefore)
  const heapRiseBytes = heapBytes() - before
  fault ??= outcomeFault(items) ?? (isSampled ? sampledFault(wire, items) : null)
  return { items, cpuMs: (user + system) / 1_000, heapRiseBytes, fault }
}

function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Every message has an outcome, and each outcome a reason of the closed list; `bug` is for what throws, and nothing may. */
function outcomeFault(items: NormalizedMessage['items']): string | null {
  if (items.length === 0) return 'no outcome'
  for (const item of items) {
    if (item.kind === 'item') continue
    if (!reasons[item.kind].has(item.reason) || item.reason === ('bug' as string))
      return `${item.kind} as ${item.reason}: ${item.detail}`
  }
  return null
}

function sampledFault(wire: FuzzInput['wire'], items: NormalizedMessage['items']): string | null {
  if (JSON.stringify(normalize(wire).items) !== JSON.stringify(items)) return 'read twice, it gives something else'
  for (const item of items) {
    if (item.kind !== 'item') continue
    const whole: unknown = JSON.parse(completeDocument(item.document, { uri: 'urn:dateline:fuzz:none', altIds: [] }))
    if (!validatePublishedStory(whole)) return `not valid: ${faultOf(validatePublishedStory)}`
  }
  return null
}
