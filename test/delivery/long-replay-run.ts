/** A replay killed over and over: node test/delivery/long-replay-run.ts real|embedded [messages=20000] [kills=20]. The environment names the real engines. */
import { families } from '../support/families.ts'
import { replayRun, wrongWith } from './replay-run.ts'

const [name = 'embedded', messages = '20000', kills = '20'] = process.argv.slice(2)
const family = families.find((candidate) => candidate.name === name)
if (family === undefined || !family.isAvailable)
  throw new Error(
    `There are no ${name} engines: set TEST_KAFKA, TEST_S3, TEST_REDIS_STATE and TEST_REDIS_JOBS as \`dateline engines status\` prints them.`,
  )
const options = {
  messages: Number(messages),
  kills: Number(kills),
  changeEvery: 3,
  onProgress: (text: string) => void process.stderr.write(`${text}\n`),
}
const report = await replayRun(family, options)
const wrong = wrongWith(report, options)
const { revisions, faults, ...rest } = report
process.stdout.write(
  `${JSON.stringify({ family: name, isRight: wrong.length === 0, ...rest, revisions: { events: revisions.events, stories: revisions.stories }, wrong: wrong.length, firstWrong: wrong.slice(0, 5) }, undefined, 2)}\n`,
)
process.exitCode = wrong.length === 0 ? 0 : 1
