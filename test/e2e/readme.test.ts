import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@dateline/cli'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { dateline, startDateline } from '../support/command.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The commands of a section's first shell block, without `./dateline` and comments. */
function commandsOf(heading: string): string[][] {
  const section = readme.slice(readme.indexOf(`## ${heading}`))
  const block = /```sh\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
  return block
    .split('\n')
    .filter((line) => line.startsWith('./dateline '))
    .map((line) =>
      line
        .replace(/\s+#.*/, '')
        .split(/\s+/)
        .slice(1),
    )
}

it('the first message of one’s own goes as the README says', { timeout: 90_000 }, async () => {
  const [up, ...others] = commandsOf('Push the first message of your own')
  expect(up).toEqual(['up'])
  expect(commandsOf('For operators')).toHaveLength(4)
  expect(others.map((words) => words[0])).toEqual(['push', 'push', 'tail', 'audit', 'archive'])
  const data = await mkdtemp(join(tmpdir(), 'dateline-readme-'))
  const port = String(await freePort())
  const running = startDateline(['up', '--port', port, '--data', data], { cwd: root })
  try {
    await running.says('Ready.')
    for (const words of [...others, ...commandsOf('For operators')]) {
      const more = words[0] === 'tail' ? ['--limit', '4'] : words[0] === 'audit' ? ['--wait', '20'] : []
      const { code, stderr } = await dateline(
        [...words, ...more, '--data', data, '--url', `http://127.0.0.1:${port}`],
        { cwd: root },
      )
      // With `--wait` it says what it waits for.
      const troubles = stderr.replace(/^Waiting up to .*\n/, '')
      expect({ words, code, troubles }).toEqual({ words, code: 0, troubles: '' })
    }
  } finally {
    await running.stop()
    await rm(data, { recursive: true, force: true })
  }
})

it('the settings it shows are valid, and so are the examples', async () => {
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((found) => found[1] ?? '')
  expect(blocks.length).toBe(2)
  for (const block of blocks) expect(parse(block)).toBeTypeOf('object')
  for (const file of ['examples/dateline.yaml', 'examples/real-engines.yaml']) {
    const { code, stdout } = await dateline(['config', 'check', '--config', file], {
      cwd: root,
      env: { WEBHOOK_SECRET: 'whsec_YSBzZWNyZXQgb2YgdHdlbnR5LWZvdXIgYnl0ZXM=' },
    })
    expect(stdout).toContain('is valid')
    expect(code).toBe(0)
  }
})

it('names files and tests that are there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((found) => found[1] ?? '')
  const tests = [...readme.matchAll(/`((?:test|packages|services)\/[^`*]*?\.test\.ts)`/g)].map(
    (found) => found[1] ?? '',
  )
  expect(links.length).toBeGreaterThan(5)
  for (const file of [...links, ...tests])
    expect(() => readFileSync(join(root, file), 'utf8').length || true, file).not.toThrow(/ENOENT/)
})
