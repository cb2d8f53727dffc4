import { openEmbedded } from '../index.ts'

/**
 * A process to be killed: `node child.ts MODE DIR`. Says on its standard output, a line each, what was acknowledged to it.
 */
const [mode, dir = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const engines = await openEmbedded({ dir })
const value = (batch: number, index: number) => `${batch}.${index}.${'x'.repeat(3_000)}.end`

/** Several appends under way at any time, so that a kill falls into shared transactions. */
async function append(): Promise<void> {
  const run = `${process.pid}`
  let next = 0
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (;;) {
        const batch = next++
        const records = [0, 1, 2].map((index) => ({ topic: 'appended', key: run, value: value(batch, index) }))
        await engines.log.append(records)
        say(`${run}/${batch}`)
      }
    }),
  )
}

async function apply(): Promise<void> {
  const token = `${process.pid}`
  let applied = await engines.state.claim(0, token)
  for (;;) {
    const batch = (applied?.offset ?? -1) + 1
    const indexes = Array.from({ length: 20 }, (_, index) => index)
    const next = { logId: 'log', offset: batch }
    const outcome = await engines.applyAtOnce?.({
      appends: indexes.map((index) => ({ topic: 'out', key: 'k', value: value(batch, index) })),
      changelog: indexes.map((index) => ({ topic: 'changelog', key: `story-${index}`, value: String(batch) })),
      state: {
        partition: 0,
        puts: indexes.map((index) => ({ key: `story-${index}`, value: String(batch) })),
        expected: { token, applied },
        applied: next,
      },
      position: { group: 'publisher', topic: 'in', partition: 0, next: batch + 1 },
    })
    if (outcome !== 'applied') throw new Error(`batch ${batch}: ${outcome}`)
    applied = next
    say(String(batch))
  }
}

async function archive(): Promise<void> {
  for (let number = 0; ; number++) {
    const key = `raw/${process.pid}/p=${number % 3}/${number}`
    const bytes = Buffer.alloc(300_000, key)
    await engines.archive.put(key, bytes, { key: key.replaceAll('/', '-') })
    say(key)
  }
}

async function hold(): Promise<void> {
  await engines.log.consume({
    group: 'shared',
    topics: ['in'],
    handle: async (batch) => {
      for (const record of batch.records) say(`${record.partition}/${record.offset}`)
      await batch.commit(batch.next)
    },
  })
  await engines.jobs.work('queue', async (job) => {
    say(`job ${job.id}`)
    return new Promise(() => undefined)
  })
  say('ready')
}

await new Map([
  ['append', append],
  ['apply', apply],
  ['archive', archive],
  ['hold', hold],
]).get(mode ?? '')?.()
