/** The long form: node test/delivery/long-kill-run.ts real|embedded [messages=20000] [kills=200]. The environment names the real engines. */
import { families } from '../support/families.ts'
import { killRun } from './kill-run.ts'

const [name = 'embedded', messages = '20000', kills = '200'] = process.argv.slice(2)
const family = families.find((candidate) => candidate.name === name)
if (family === undefined || !family.isAvailable)
  throw new Error(
    `There are no ${name} engines: set TEST_KAFKA, TEST_S3, TEST_REDIS_STATE and TEST_REDIS_JOBS as \`dateline engines status\` prints them.`,
  )
const report = await killRun(family, {
  messages: Number(messages),
  kills: Number(kills),
  onProgress: (text) => process.stderr.write(`${text}\n`),
})
process.stdout.write(
  `${JSON.stringify({ family: name, ...report, lost: report.lost.length, firstLost: report.lost.slice(0, 5), faults: report.faults.length, firstFaults: report.faults.slice(0, 5) }, undefined, 2)}\n`,
)
process.exitCode =
  report.lost.length + report.faults.length === 0 && report.auditAddsUp && report.archive.isWhole ? 0 : 1
