import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@dateline/cli'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dateline, type RunningCommand, startDateline } from '../support/command.ts'

let data = ''
let url = ''
let receipt = ''
let running: RunningCommand
const command = (...words: string[]) => dateline([...words, '--data', data, '--url', url])

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'dateline-rejected-'))
  const port = String(await freePort())
  url = `http://127.0.0.1:${port}`
  running = startDateline(['up', '--port', port, '--data', data])
  await running.says('Ready.')
  const file = join(data, 'picture.bin')
  await writeFile(file, Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * at * 7 + at * 131) % 256)))
  const { stdout } = await command('push', file, '--feed', 'brug-pers', '--wait', '20')
  expect(stdout).toContain('rejected')
  receipt = /rcp_[\w-]+/.exec(stdout)?.[0] ?? ''
}, 60_000)
afterAll(async () => {
  await running.stop()
  await rm(data, { recursive: true, force: true })
})

describe('rejected', () => {
  it.each(['ls', 'ls --messages', 'retry', 'drop --why boredom'])(
    '%s says which reasons and feeds there are for one that there is not',
    async (line) => {
      const words = line.split(' ')
      const reason = await command('rejected', ...words, '--reason', 'no-such-reason')
      expect(reason.stderr).toMatch(
        /^dateline: There is no reason no-such-reason\. The reasons are: empty, .*unknown-format.*\.\n$/,
      )
      expect([reason.code, reason.stdout]).toEqual([1, ''])
      const feed = await command('rejected', ...words, '--feed', 'no-such-feed')
      expect(feed.stderr).toMatch(/^dateline: There is no feed no-such-feed\. The feeds are: brug-pers\./)
      expect([feed.code, feed.stdout]).toEqual([1, ''])
    },
  )

  it('shows a few lines of a message that is no text, and how to get all of it', async () => {
    const listed = JSON.parse((await command('rejected', 'ls', '--messages', '--json')).stdout) as { id: string }
    const { stdout, code } = await command('rejected', 'show', listed.id)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.filter((line) => /^[0-9a-f]{8} {2}/.test(line))).toHaveLength(16)
    expect(lines.at(-1)).toMatch(
      /^The beginning of 9000 bytes\. All: dateline archive get 'wire\.brug-pers@\S+\/\d\/0' --output FILE$/,
    )
    expect(lines.length).toBeLessThan(30)
    expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(code).toBe(0)
  })

  it.each(['retry', 'drop --why boredom'])(
    '%s names an id that there is not, and works on the others',
    async (line) => {
      const words = line.split(' ')
      const none = await command('rejected', ...words, 'rej_bm90aGluZw')
      expect(none.stdout).toContain(
        'There is no rejected message rej_bm90aGluZw, or the log does not keep it any more.',
      )
      expect(none.code).toBe(1)
      const { id } = JSON.parse((await command('rejected', 'ls', '--messages', '--json')).stdout) as { id: string }
      const some = await command('rejected', ...words, id, 'rej_bm90aGluZw', '--dry-run', '--json')
      expect(JSON.parse(some.stdout)).toMatchObject({
        unknown: ['rej_bm90aGluZw'],
        settled: [],
        ...(words[0] === 'drop' ? { dropped: [{ id }] } : { results: [{ id }] }),
      })
    },
  )

  it('takes the receipt of a message for its id', async () => {
    const { id } = JSON.parse((await command('rejected', 'ls', '--messages', '--json')).stdout) as { id: string }
    expect(receipt).toMatch(/^rcp_/)
    for (const words of [['show'], ['retry', '--dry-run'], ['drop', '--dry-run', '--why', 'boredom']]) {
      const { stdout, code } = await command('rejected', ...words, receipt, '--json')
      expect(stdout).toContain(`"${id}"`)
      if (words[0] !== 'retry') expect(code).toBe(0)
    }
  })

  it('asks which to drop before why, and why only when it drops', async () => {
    expect((await command('rejected', 'drop')).stderr).toMatch(/^dateline: Say which: /)
    const dry = await command('rejected', 'drop', receipt, '--dry-run')
    expect([dry.stdout, dry.code]).toEqual(['Would drop 1.\n', 0])
    const bare = await command('rejected', 'drop', receipt)
    expect(bare.stderr).toMatch(/^dateline: Say why nobody wants them/)
    expect(bare.code).toBe(1)
  })

  it.each(['retry', 'drop'])('%s refuses to take more than a thousand at once', async (verb) => {
    const { stderr, code } = await command('rejected', verb, receipt, '--dry-run', '--limit', '1001')
    expect(stderr).toMatch(/^dateline: A limit of 1001 cannot be: give a number from 1 to 1000; .*\.\n$/)
    expect(code).toBe(1)
    expect((await command('rejected', verb, receipt, '--dry-run', '--limit', '1000')).stderr).toBe('')
  })

  it('says of one that was dropped already that it is', async () => {
    const { id } = JSON.parse((await command('rejected', 'ls', '--messages', '--json')).stdout) as { id: string }
    expect((await command('rejected', 'drop', id, '--why', 'boredom')).stdout).toBe('Dropped 1.\n')
    const again = await command('rejected', 'drop', id, '--why', 'boredom')
    expect(again.stdout).toContain(`${id} is dropped already.`)
    expect(again.code).toBe(0)
  })
})
