/** node test/bench/bench.ts '{"what":["drain"],"messages":20000,"rate":500,"seconds":20,"onEngines":true}', which `dateline bench` runs. */
import { families } from '../support/families.ts'
import { drain } from './drain.ts'
import { flash } from './flash.ts'
import { benchFormats } from './formats.ts'
import { latency } from './latency.ts'
import type { BenchFormat } from './messages.ts'
import { replayBesideLive } from './replay.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as {
  what: string[]
  messages: number
  rate: number
  seconds: number
  onEngines: boolean
}
const family = families.find((candidate) => candidate.name === (given.onEngines ? 'real' : 'embedded'))
if (family === undefined || !family.isAvailable)
  throw new Error(
    'The real engines are not named by the environment: TEST_KAFKA, TEST_S3, TEST_REDIS_STATE, TEST_REDIS_JOBS.',
  )
const formats: readonly BenchFormat[] = ['newsml-g2', 'ninjs']
if (given.what.length === 0 || given.what.includes('drain')) {
  for (const format of formats) {
    const report = await drain(family, format, given.messages)
    const ratio =
      report.passThrough === null
        ? {}
        : {
            cpuRatioToPassThrough: Number(
              (report.cpuMicrosecondsPerMessage / report.passThrough.cpuMicrosecondsPerMessage).toFixed(2),
            ),
          }
    print({ drain: { ...report, ...ratio } })
  }
}
if (given.what.length === 0 || given.what.includes('latency'))
  for (const format of formats) print({ latency: await latency(family, format, given) })
if (given.what.length === 0 || given.what.includes('flash'))
  for (const format of formats) print({ flash: await flash(family, format, given.messages) })
// A tenth of the seconds given for each format: two unless said.
if (given.what.includes('formats')) for (const report of benchFormats(given.seconds / 10)) print({ formats: report })
if (given.what.includes('replay')) print({ replay: await replayBesideLive(family, given) })

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
