/**
 * node test/fuzz/fuzz-formats.ts [inputs=200000] [seed=1] [first=0]: changed messages of every format through the normalizer. The same
 * seed gives the same inputs. Prints a report as JSON; leaves with 1 where a promise was broken.
 *
 * node test/fuzz/fuzz-formats.ts <file>: one input that was kept, again.
 */
import { writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { checkInput } from './check-input.ts'
import { fuzz } from './fuzz.ts'
import { inputMaker } from './input.ts'
import { keepInput, readKept } from './kept-input.ts'

/** After so long one input counts as hung: its thread is ended, and the input kept. */
const hungAfterMs = 120_000
const progressEvery = 5_000

interface Run {
  readonly inputs: number
  readonly seed: number
  readonly first: number
  /** Number of the input under way, and when it began. */
  readonly now: Float64Array
}

if (!isMainThread) await run(workerData as Run)
else if (process.argv[2]?.endsWith('.json')) replay(process.argv[2])
else watch()

/** The inputs are read in a thread, so that one that hangs can be named. */
function watch(): void {
  const [inputs = 200_000, seed = 1, first = 0] = process.argv.slice(2).map(Number)
  const now = new Float64Array(new SharedArrayBuffer(16))
  const worker = new Worker(new URL(import.meta.url), { workerData: { inputs, seed, first, now } satisfies Run })
  const timer = setInterval(() => {
    const [index = 0, startedMs = 0] = now
    if (startedMs === 0 || Date.now() - startedMs < hungAfterMs) return
    tell(`input ${index} hangs: kept as ${keepInput(inputMaker(seed)(index), seed, 'hangs')}`)
    process.exit(1)
  }, 1_000)
  worker.on('exit', (code) => {
    clearInterval(timer)
    process.exitCode = code
  })
}

async function run({ inputs, seed, first, now }: Run): Promise<void> {
  setFlagsFromString('--expose-gc')
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>
  const report = await fuzz({
    make: inputMaker(seed),
    inputs,
    first,
    onFault: (input, fault) => tell(`input ${input.index}: ${fault}\n  kept as ${keepInput(input, seed, fault)}`),
    onSlow: (input, cpuMs) =>
      tell(`input ${input.index}: ${cpuMs} ms of CPU, kept as ${keepInput(input, seed, 'slow')}`),
    onInput(index, { inputs: done, seconds, faults }) {
      if (done > 0 && done % progressEvery === 0) tell(`${done} inputs, ${seconds} s, ${faults} faults`)
      now[0] = index
      now[1] = Date.now()
    },
  })
  process.stdout.write(`${JSON.stringify({ seed, first, ...report }, null, 2)}\n`)
  if (report.faults > 0 || report.over5s > 0) process.exitCode = 1
}

function replay(path: string): void {
  const input = readKept(path)
  const { items, cpuMs, heapRiseBytes, fault } = checkInput({ ...input, isSampled: true })
  const outcomes = items.map((item) => (item.kind === 'item' ? item.document : item))
  tell(JSON.stringify({ name: input.name, ways: input.ways, fault, cpuMs, heapRiseBytes, outcomes }, null, 2))
}

function tell(text: string): void {
  // A thread's own stderr waits until its loop turns, which it does not while inputs are read.
  writeSync(2, `${text}\n`)
}
