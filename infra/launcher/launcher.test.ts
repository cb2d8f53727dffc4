// The launcher, in a checkout of three files with a pnpm of its own that only notes that it was called.
import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const launcher = join(import.meta.dirname, '../../dateline')
const tools = ['sh', 'cat', 'cksum', 'dirname', 'grep', 'mkdir', 'mv', 'readlink', 'rm', 'sleep', 'tail', 'ln', 'touch']

const main = `
let input = ''
for await (const chunk of process.stdin) input += chunk
console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), input }))
if (process.argv[2] === 'fail') process.exitCode = 3
`

const pnpm = `#!/bin/sh
[ "$1" = --version ] && { echo 12.0.0; exit; }
[ "$1" = add ] && { echo second >pnpm-lock.yaml; exit; }
[ "$(cat pnpm-lock.yaml)" = stale ] && { echo ERR_PNPM_OUTDATED_LOCKFILE; exit 1; }
cat >/dev/null
echo "$*" >>installations
mkdir -p node_modules
case $* in
  *'!@dateline/node-runtime'*) ;;
  *)
    mkdir -p infra/runtime/node_modules/node-here/bin
    ln -sf '${process.execPath}' infra/runtime/node_modules/node-here/bin/node ;;
esac
sleep 0.2
echo 'chatter on stdout'
`

interface Checkout {
  readonly root: string
  readonly bin: string
}

interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const folders: string[] = []

function checkout(options: { readonly with?: readonly string[] } = {}): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'dateline launcher '))
  folders.push(folder)
  const root = join(folder, 'a checkout')
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  mkdirSync(join(root, 'packages/cli/src'), { recursive: true })
  copyFileSync(launcher, join(root, 'dateline'))
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(root, 'pnpm-lock.yaml'), 'first')
  writeFileSync(join(root, 'packages/cli/src/main.ts'), main)
  for (const tool of tools) provide(bin, tool)
  for (const tool of options.with ?? ['pnpm', 'flock']) {
    if (tool === 'pnpm') writeExecutable(join(bin, 'pnpm'), pnpm)
    else provide(bin, tool)
  }
  return { root, bin }
}

function provide(bin: string, tool: string): void {
  symlinkSync(tool === 'node' ? process.execPath : find(tool), join(bin, tool))
}

function find(tool: string): string {
  const folder = ['/usr/local/bin', '/usr/bin', '/bin'].find((candidate) => existsSync(join(candidate, tool)))
  if (folder === undefined) throw new Error(`this machine has no ${tool}`)
  return join(folder, tool)
}

function writeExecutable(path: string, text: string): void {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

interface LaunchOptions {
  readonly as?: string
  readonly cwd?: string
  readonly input?: string
  readonly path?: readonly string[]
}

function launch(where: Checkout, args: readonly string[], options: LaunchOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(options.as ?? join(where.root, 'dateline'), args, {
      cwd: options.cwd ?? tmpdir(),
      env: { PATH: [...(options.path ?? []), where.bin].join(delimiter) },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(options.input ?? '')
  })
}

const installations = (where: Checkout): number =>
  readFileSync(join(where.root, 'installations'), 'utf8').split('\n').length - 1

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('the launcher', () => {
  it('installs once and hands over folder, arguments and input, with nothing of its own on stdout', async () => {
    const where = checkout()
    const first = await launch(where, ['parse', '--json', 'a b', ''], { cwd: where.bin, input: 'piped' })
    expect(JSON.parse(first.stdout)).toEqual({ cwd: where.bin, args: ['parse', '--json', 'a b', ''], input: 'piped' })
    expect(first.stderr.trimEnd().split('\n')).toHaveLength(1)

    const second = await launch(where, ['status'])
    expect(JSON.parse(second.stdout)).toMatchObject({ args: ['status'] })
    expect(second.stderr).toBe('')
    expect(installations(where)).toBe(1)
  })

  it('passes on the exit code of the command', async () => {
    expect(await launch(checkout(), ['fail'])).toMatchObject({ code: 3 })
  })

  it.each([
    ['with flock', ['pnpm', 'flock']],
    ['without flock', ['pnpm']],
  ])('installs once when several start at the same moment, %s', async (_, tools) => {
    const where = checkout({ with: tools })
    const all = await Promise.all(['1', '2', '3', '4'].map((argument) => launch(where, [argument])))
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    expect(installations(where)).toBe(1)
  })

  it('is found through a chain of links', async () => {
    const where = checkout()
    symlinkSync('../a checkout/dateline', join(where.bin, 'link'))
    symlinkSync(join(where.bin, 'link'), join(where.bin, 'dateline'))
    expect(await launch(where, [], { as: join(where.bin, 'dateline') })).toMatchObject({ code: 0 })
  })

  it('installs again when the lockfile changed, and not because another Node is found first', async () => {
    const where = checkout()
    await launch(where, [])
    const other = join(where.bin, 'other')
    mkdirSync(other)
    provide(other, 'node')
    await launch(where, [], { path: [other] })
    expect(installations(where)).toBe(1)

    writeFileSync(join(where.root, 'pnpm-lock.yaml'), 'second')
    await launch(where, [])
    expect(installations(where)).toBe(2)
  })

  it.each([
    ['v24.15.0', false],
    ['v26.0.1', false],
    ['v24.14.9', true],
    ['v20.20.2', true],
  ])('with Node %s on the machine, brings one of its own: %s', async (version, bringsOne) => {
    const where = checkout()
    const node = `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\nexec '${process.execPath}' "$@"\n`
    writeExecutable(join(where.bin, 'node'), node)
    expect(await launch(where, ['status'])).toMatchObject({ code: 0 })
    expect(existsSync(join(where.root, 'infra/runtime'))).toBe(bringsOne)
  })

  it('says how to mend a lockfile that does not match, and lets pnpm mend it', async () => {
    const where = checkout()
    writeFileSync(join(where.root, 'pnpm-lock.yaml'), 'stale')
    const refused = await launch(where, ['status'])
    expect(refused).toMatchObject({ code: 69, stdout: '' })
    expect(refused.stderr).toContain('Run ./dateline pnpm install')
    expect(await launch(where, ['pnpm', 'add', 'x'], { cwd: where.root })).toMatchObject({ code: 0 })
    expect(await launch(where, ['status'])).toMatchObject({ code: 0 })
  })

  it('says what to install where there is neither Node nor npm', async () => {
    const { code, stdout, stderr } = await launch(checkout({ with: ['flock'] }), ['status'])
    expect({ code, stdout }).toEqual({ code: 69, stdout: '' })
    expect(stderr).toContain('install Node.js with npm')
  })
})
