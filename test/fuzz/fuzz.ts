import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkInput } from './check-input.ts'
import type { FuzzInput, InputMaker } from './input.ts'

export interface FormatFigures {
  inputs: number
  items: number
  /** By kind and reason. */
  readonly outcomes: Record<string, number>
  slowestCpuMs: number
}

export interface FuzzReport {
  inputs: number
  seconds: number
  faults: number
  slowest: Slow[]
  over1s: number
  over5s: number
  largestHeapRiseMb: number
  /** After a full collection, before and after the run; null where it cannot be asked for. */
  retainedMb: readonly [before: number, after: number] | null
  /** Inputs of which a story was lost because its document or its record would not have been valid: one for each rule. */
  readonly refusedOutput: { index: number; name: string; detail: string }[]
  refusedOutputs: number
  /** By the recorded message that was changed. */
  readonly formats: Record<string, FormatFigures>
  /** Items by the format that they were read as. */
  readonly readAs: Record<string, number>
}

interface Slow {
  readonly index: number
  readonly name: string
  readonly cpuMs: number
  readonly bytes: number
  readonly ways: readonly string[]
}

export interface FuzzOptions {
  readonly make: InputMaker
  readonly inputs: number
  /** Number of the first input. */
  readonly first?: number
  readonly onFault: (input: FuzzInput, fault: string) => void
  readonly onSlow?: (input: FuzzInput, cpuMs: number) => void
  /** Told before each input. */
  readonly onInput?: (index: number, report: FuzzReport) => void
}

const keptSlow = 10
const inputsATurn = 100
const keptRefused = 30

/** Makes inputs and checks each of them; never ends early for a fault. */
export async function fuzz({ make, inputs, first = 0, onFault, onSlow, onInput }: FuzzOptions): Promise<FuzzReport> {
  const report = emptyReport()
  const startedMs = performance.now()
  const retainedBefore = retainedMb()
  for (let index = first; index < first + inputs; index++) {
    onInput?.(index, report)
    // zlib frees the memory of what it read in the next turn of the loop.
    if (index % inputsATurn === 0) await nextTurn()
    const input = make(index)
    const checked = checkInput(input)
    if (checked.fault !== null) onFault(input, checked.fault)
    if (checked.cpuMs > 1_000) onSlow?.(input, checked.cpuMs)
    count(report, input, checked)
    report.seconds = Math.round((performance.now() - startedMs) / 100) / 10
  }
  await nextTurn()
  const retainedAfter = retainedMb()
  report.retainedMb = retainedBefore === null || retainedAfter === null ? null : [retainedBefore, retainedAfter]
  return report
}

function count(report: FuzzReport, input: FuzzInput, checked: ReturnType<typeof checkInput>): void {
  const { items, heapRiseBytes, fault } = checked
  const cpuMs = Math.round(checked.cpuMs)
  report.formats[input.format] ??= { inputs: 0, items: 0, outcomes: {}, slowestCpuMs: 0 }
  const figures = report.formats[input.format] as FormatFigures
  report.inputs++
  figures.inputs++
  if (fault !== null) report.faults++
  if (checked.cpuMs > 1_000) report.over1s++
  if (checked.cpuMs > 5_000) report.over5s++
  figures.slowestCpuMs = Math.max(figures.slowestCpuMs, cpuMs)
  report.largestHeapRiseMb = Math.max(report.largestHeapRiseMb, Math.round(heapRiseBytes / 1_048_576))
  const slow = { index: input.index, name: input.name, cpuMs, bytes: input.wire.bytes.byteLength, ways: input.ways }
  if (report.slowest.length < keptSlow || cpuMs > (report.slowest.at(-1)?.cpuMs ?? 0))
    report.slowest = [...report.slowest, slow].sort((one, other) => other.cpuMs - one.cpuMs).slice(0, keptSlow)
  for (const item of items) {
    figures.items++
    const kind = item.kind === 'item' ? 'item' : `${item.kind} ${item.reason}`
    figures.outcomes[kind] = (figures.outcomes[kind] ?? 0) + 1
    if (item.kind === 'item') report.readAs[item.item.format] = (report.readAs[item.item.format] ?? 0) + 1
  }
  const refused = items.find((item) => item.kind === 'reject' && outputSteps.has(item.step))
  if (refused === undefined || refused.kind !== 'reject' || refused.reason === 'no-story') return
  report.refusedOutputs++
  const detail = `${refused.reason}: ${refused.detail}`
  if (report.refusedOutput.length < keptRefused && !report.refusedOutput.some((other) => other.detail === detail))
    report.refusedOutput.push({ index: input.index, name: input.name, detail })
}

const outputSteps: ReadonlySet<string> = new Set(['renderDocument', 'makeItem'])

function retainedMb(): number | null {
  if (globalThis.gc === undefined) return null
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 1_048_576)
}

const emptyReport = (): FuzzReport => ({
  inputs: 0,
  seconds: 0,
  faults: 0,
  slowest: [],
  over1s: 0,
  over5s: 0,
  largestHeapRiseMb: 0,
  retainedMb: null,
  refusedOutput: [],
  refusedOutputs: 0,
  formats: {},
  readAs: {},
})
