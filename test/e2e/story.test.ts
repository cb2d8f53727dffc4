import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@dateline/cli'
import { ninjsMessage } from '@dateline/testkit'
import { expect, it } from 'vitest'
import { dateline, startDateline } from '../support/command.ts'
import { eventually } from '../support/running.ts'

interface Received {
  readonly version: string
  readonly outcome: string
  readonly storySeq: number
  readonly eventId: string
  readonly released: { readonly at: string; readonly eventId: string; readonly storySeq: number } | null
}

it('story --received says when an embargo released a version', { timeout: 90_000 }, async () => {
  const data = await mkdtemp(join(tmpdir(), 'dateline-story-'))
  const port = String(await freePort())
  const command = (...words: string[]) => dateline([...words, '--data', data, '--url', `http://127.0.0.1:${port}`])
  const uri = 'urn:brugpers:1'
  const storyKey = `brugpers:${uri}`
  const push = async (version: string, embargoed?: string): Promise<string> => {
    const file = join(data, `${version}.json`)
    await writeFile(file, ninjsMessage({ uri, version, ...(embargoed === undefined ? {} : { embargoed }) }))
    return (await command('push', file, '--feed', 'brugpers-json', '--wait', '20')).stdout
  }
  const received = async (): Promise<readonly Received[]> =>
    (await command('story', storyKey, '--received', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Received)
  const running = startDateline(['up', '--port', port, '--data', data])
  try {
    await running.says('Ready.')
    const embargoed = new Date(Date.now() + 15_000).toISOString()
    expect(await push('1', embargoed)).toContain('held')
    const [held] = await eventually(received, ([first]) => first !== undefined && first.released !== null)
    expect(held).toMatchObject({ version: '1', outcome: 'held', storySeq: 1, released: { storySeq: 2 } })
    expect(Date.parse(held?.released?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(embargoed))
    expect(held?.released?.eventId).not.toBe(held?.eventId)

    expect(await push('2')).toContain('published')
    expect(await received()).toMatchObject([
      { version: '1', released: held?.released },
      { version: '2', outcome: 'published', released: null },
    ])
    expect((await command('story', storyKey, '--received')).stdout).toMatch(
      new RegExp(
        `version 1 {2}held, .*\\n {2}received .*\\n {2}released {2}\\S+ \\S+ UTC, ${held?.released?.at}, event 2\\n`,
      ),
    )
  } finally {
    await running.stop()
    await rm(data, { recursive: true, force: true })
  }
})
