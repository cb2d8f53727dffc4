import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dateline } from '../support/command.ts'

/** The guide, block by block, in a checkout of its own: files are written and changed, commands run, and what is shown of their answers is looked for. */
const root = fileURLToPath(new URL('../../', import.meta.url))
let checkout = ''

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'dateline-supplier-'))
  for (const part of ['packages', 'services', 'infra', 'schemas', 'package.json'])
    await cp(join(root, part), join(checkout, part), { recursive: true, verbatimSymlinks: true })
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'))
}, 60_000)

afterAll(() => rm(checkout, { recursive: true, force: true }))

it('a supplier is added as docs/add-a-supplier.md says', { timeout: 60_000 }, async () => {
  const guide = await readFile(join(root, 'docs/add-a-supplier.md'), 'utf8')
  const blocks = [...guide.matchAll(/^```(\w+)(?: file=(\S+))?\n([\s\S]*?)^```$/gm)]
  expect(blocks.map(([, kind]) => kind)).toContain('diff')
  let answer = ''
  let commands = 0
  for (const [, kind, file, text = ''] of blocks) {
    if (kind === 'diff') await change(file ?? '', text)
    else if (file !== undefined) await write(file, text)
    else if (kind === 'sh') {
      answer = ''
      for (const line of text.trim().split('\n')) answer += await run(line)
      commands += 1
    } else for (const line of text.trim().split('\n')) expect(squeezed(answer)).toContain(squeezed(line))
  }
  expect(commands).toBe(5)
})

/** Columns are as wide as their contents. */
const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(checkout, file)), { recursive: true })
  await writeFile(join(checkout, file), text)
}

/** Lines that stay or go must be there; a line that comes stands before the next that stays, or in the place of one that goes. `…` is the rest of a line. */
async function change(file: string, diff: string): Promise<void> {
  let text = await readFile(join(checkout, file), 'utf8')
  let added = ''
  for (const line of diff.trimEnd().split('\n').toReversed()) {
    const rest = line.endsWith('…') ? line.slice(1, -1) : `${line.slice(1)}\n`
    if (line.startsWith('+')) {
      added = rest + added
      continue
    }
    expect(text, file).toContain(rest)
    text = text.replace(rest, (line.startsWith('-') ? '' : rest) + added)
    added = ''
  }
  await writeFile(join(checkout, file), added + text)
}

async function run(line: string): Promise<string> {
  const [command = '', comment = ''] = line.split(/\s+#\s*/)
  const [name, ...words] = command.split(' ')
  expect(name).toBe('./dateline')
  const { code, stdout, stderr } = await dateline(words, { cwd: checkout, checkout })
  expect({ line, code, stderr }).toEqual({ line, code: Number(/exit code (\d)/.exec(comment)?.[1] ?? 0), stderr: '' })
  return stdout
}
