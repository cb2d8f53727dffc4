import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testRecordedCases } from './recorded-cases.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-cases-'))
})
afterEach(() => rm(dir, { recursive: true }))

const message = (headline: string) => JSON.stringify({ uri: 'nzp:1', headline, versioncreated: '2026-01-20T10:00:00' })
const expected = {
  items: [
    {
      story: {
        id: 'nzp:1',
        headlines: [{ value: 'Kop' }],
        versionCreated: '2026-01-20T10:00:00+01:00',
        flags: ['zone-assumed'],
      },
    },
  ],
}
const put = (name: string, text: string) => writeFile(join(dir, name), text)
const run = (isWriting = false) =>
  testRecordedCases(dir, {
    feed: { name: 'nzp-json', supplier: 'nzp', timezone: 'Europe/Amsterdam' },
    isWriting,
    nowMs: Date.parse('2026-01-20T12:00:00Z'),
  })

it('tells which messages give what is expected, and of the others which fields differ', async () => {
  await put('good.json', message('Kop'))
  await put('good.expected.json', JSON.stringify(expected))
  await put('other.json', message('Andere kop'))
  await put('other.expected.json', JSON.stringify(expected))
  await put('README.md', 'about these')
  expect(await run()).toEqual([
    { name: 'good.json', format: 'ninjs', result: 'passes', differences: [] },
    {
      name: 'other.json',
      format: 'ninjs',
      result: 'differs',
      differences: [{ at: 'items[0].story.headlines[0].value', expected: 'Kop', found: 'Andere kop' }],
    },
  ])
})

it('takes neither a message without expectation nor an expectation without message for a pass', async () => {
  await put('alone.json', message('Kop'))
  await put('gone.expected.json', JSON.stringify(expected))
  expect((await run()).map(({ name, result }) => [name, result])).toEqual([
    ['alone.json', 'no-expectation'],
    ['gone.expected.json', 'no-message'],
  ])
})

it('writes what is read now where nothing is expected yet, and passes on it', async () => {
  await put('new.json', message('Kop'))
  expect(await run(true)).toMatchObject([{ name: 'new.json', result: 'written' }])
  expect(JSON.parse(await readFile(join(dir, 'new.expected.json'), 'utf8'))).toEqual({
    feed: { name: 'nzp-json', supplier: 'nzp', timezone: 'Europe/Amsterdam' },
    receivedAt: '2026-01-20T12:00:00.000Z',
    ...expected,
  })
  expect(await run()).toMatchObject([{ result: 'passes' }])
})

it('expects the reject of a message that cannot be read', async () => {
  await put('bad.json', '{"uri":"nzp:1","headline":"Kop')
  await put('bad.expected.json', '{"reject":"malformed"}')
  expect(await run()).toMatchObject([{ result: 'passes' }])
})

it('names the file of an expectation that is no JSON', async () => {
  await put('bad.json', message('Kop'))
  await put('bad.expected.json', '{')
  await expect(run()).rejects.toThrow(/bad\.expected\.json is not JSON/)
})
