import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Difference, differencesOf, type ExpectedReading, formats, readRecorded } from '@dateline/formats'
import { CommandFault } from './fault.ts'

export interface CaseResult {
  readonly name: string
  /** null where none recognised the message. */
  readonly format: string | null
  readonly result: 'passes' | 'differs' | 'no-expectation' | 'no-message' | 'written'
  readonly differences: readonly Difference[]
}

export interface RecordedOptions {
  /** What the settings say of the feed; what a case says itself comes first. */
  readonly feed: NonNullable<ExpectedReading['feed']>
  /** Makes what is expected of a message that has nothing beside it, as it is read now. */
  readonly isWriting: boolean
  readonly nowMs: number
}

const suffix = '.expected.json'

/** Reads every recorded message of a folder and compares it with the `<case>.expected.json` beside it. In the order of the names. */
export async function testRecordedCases(dir: string, options: RecordedOptions): Promise<readonly CaseResult[]> {
  const names = (await readdir(dir, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'README.md')
    .map(({ name }) => name)
    .sort()
  const expectations = new Set(names.filter((name) => name.endsWith(suffix)))
  const used = new Set<string>()
  const results: CaseResult[] = []
  for (const name of names) {
    if (name.endsWith(suffix)) continue
    const beside = `${name.replace(/\.[^.]+$/, '')}${suffix}`
    const bytes = await readFile(join(dir, name))
    used.add(beside)
    if (expectations.has(beside))
      results.push(compare(name, bytes, { expected: await expectationIn(join(dir, beside)), options }))
    else results.push(await unexpected(name, bytes, { file: join(dir, beside), options }))
  }
  for (const name of [...expectations].filter((each) => !used.has(each)))
    results.push({ name, format: null, result: 'no-message', differences: [] })
  return results
}

function compare(
  name: string,
  bytes: Buffer,
  { expected, options }: { readonly expected: ExpectedReading; readonly options: RecordedOptions },
): CaseResult {
  const { format, reading } = readRecorded(bytes, { ...expected, feed: { ...options.feed, ...expected.feed } }, formats)
  const { reject, items } = expected
  const differences = differencesOf(reject === undefined ? { items } : { reject }, reading)
  return { name, format, result: differences.length === 0 ? 'passes' : 'differs', differences }
}

async function unexpected(
  name: string,
  bytes: Buffer,
  { file, options }: { readonly file: string; readonly options: RecordedOptions },
): Promise<CaseResult> {
  const { feed } = options
  const receivedAt = new Date(options.nowMs).toISOString()
  const { format, reading } = readRecorded(bytes, { feed, receivedAt }, formats)
  if (!options.isWriting) return { name, format, result: 'no-expectation', differences: [] }
  await writeFile(
    file,
    `${JSON.stringify({ ...(Object.keys(feed).length === 0 ? {} : { feed }), receivedAt, ...reading }, null, 2)}\n`,
    { flag: 'wx' },
  )
  return { name, format, result: 'written', differences: [] }
}

async function expectationIn(file: string): Promise<ExpectedReading> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as ExpectedReading
  } catch {
    throw new CommandFault(`${file} is not JSON: mend it, or delete it and make it anew with --write.`)
  }
}
