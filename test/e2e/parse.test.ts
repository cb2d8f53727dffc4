import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dateline } from '../support/command.ts'

const message = (at: number): string =>
  JSON.stringify({ uri: `urn:brugpers:${at}`, headline: 'Brug dicht', body_text: 'De brug is dicht.' })
const subjectsOf = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly subject: string }).subject)

describe('parse', () => {
  it('reads standard input where a file is called -, among other files', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'dateline-parse-'))
    await writeFile(join(cwd, '-'), message(2))
    const args = ['parse', '--json', '--feed', 'brugpers-json']
    const { code, stdout } = await dateline([...args, '-', './-'], { cwd, input: message(1) })
    expect(subjectsOf(stdout)).toEqual(['brugpers:urn:brugpers:1', 'brugpers:urn:brugpers:2'])
    expect(code).toBe(0)
    const explained = await dateline([...args, '--explain', '-'], { cwd, input: message(3) })
    expect(JSON.parse(explained.stdout)).toMatchObject({ file: '-', parts: [{ format: { name: 'ninjs' } }] })
  })

  it('reads standard input once, and says so', async () => {
    const { code, stderr } = await dateline(['parse', '--json', '-', '-'], { input: message(1) })
    expect(stderr).toBe('dateline: Standard input was read already: name - once.\n')
    expect(code).toBe(1)
  })

  it('explains each packed message under the numbers that its items have in the pipeline', async () => {
    const file = fileURLToPath(new URL('../../packages/normalize/src/fixtures/mail-with-messages.eml', import.meta.url))
    const { stdout } = await dateline(['parse', '--explain', '--feed', 'bureau', file])
    expect([...stdout.matchAll(/^Item #(\d+):/gm)].map(([, number]) => Number(number))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ])
    expect(stdout).toContain('\nMessage 2 of 7: application/xml; name=1.xml\n')
    expect(stdout).toMatch(/^headlines .* Subject header/m)
  })

  it('says in its help that - is standard input', async () => {
    expect((await dateline(['parse', '--help'])).stdout).toContain('- reads standard input')
  })
})
