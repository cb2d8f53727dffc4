// The import rules, against a small checkout that breaks each of them once, and against this one.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Cruise {
  readonly summary: {
    readonly totalCruised: number
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] }
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[]
  }
}

const checkout = join(import.meta.dirname, '../..')
const packages = ['contracts', 'embedded', 'enrich', 'formats', 'kafka', 'normalize', 'ports', 'redis', 'runtime']
const more = ['archive', 'replay', 'cli', 'client', 'story', 'testkit', 's3', 'bullmq']
const services = ['gateway', 'publisher']
const vendors = ['kafkajs', 'ioredis', 'bullmq', '@aws-sdk/client-s3']

// Each refused file is named by the rule that refuses it.
const refused: Record<string, readonly [file: string, imports: string]> = {
  'layer-services': ['services/gateway/src/a.ts', '@dateline/kafka'],
  'services-apart': ['services/gateway/src/a.test.ts', '@dateline/publisher'],
  'layer-normalize': ['packages/normalize/src/a.ts', '@dateline/runtime'],
  'layer-formats': ['packages/formats/src/a.ts', '@dateline/enrich'],
  'layer-enrich': ['packages/enrich/src/a.ts', '@dateline/formats'],
  'layer-story': ['packages/story/src/a.ts', '@dateline/ports'],
  'layer-contracts': ['packages/contracts/src/a.ts', '@dateline/story'],
  'layer-ports': ['packages/ports/src/a.ts', '@dateline/story'],
  'layer-adapters': ['packages/redis/src/a.ts', '@dateline/bullmq'],
  'layer-jobs': ['packages/bullmq/src/a.ts', '@dateline/embedded'],
  'layer-runtime': ['packages/runtime/src/a.ts', '@dateline/embedded'],
  'layer-replay': ['packages/replay/src/a.ts', '@dateline/kafka'],
  'layer-archive': ['packages/archive/src/a.ts', '@dateline/normalize'],
  'layer-client': ['packages/client/src/a.ts', '@dateline/runtime'],
  'layer-testkit': ['packages/testkit/src/a.ts', '@dateline/cli'],
  'layer-infra': ['infra/local/src/a.ts', '@dateline/kafka'],
  'vendor-kafkajs': ['packages/runtime/src/b.ts', 'kafkajs'],
  'vendor-@aws-sdk': ['packages/redis/src/b.ts', '@aws-sdk/client-s3'],
  'vendor-ioredis': ['services/publisher/src/b.ts', 'ioredis'],
  'vendor-bullmq': ['packages/cli/src/b.ts', 'bullmq'],
  'by-name': ['packages/normalize/src/b.ts', '../../story/src/index.ts'],
  resolvable: ['packages/normalize/src/c.ts', '@dateline/story/src/index.ts'],
  declared: ['packages/formats/src/b.ts', 'saxes'],
  'declared-for-use': ['packages/story/src/b.ts', 'fast-check'],
  'no-circle': ['packages/story/src/c.ts', './d.ts'],
}

const welcome: readonly (readonly [file: string, imports: string])[] = [
  ['services/gateway/src/fine.ts', '@dateline/runtime'],
  ['services/gateway/src/fine.test.ts', '@dateline/embedded'],
  ['services/publisher/src/fine.test.ts', '@dateline/testkit'],
  ['services/gateway/src/archived.ts', '@dateline/archive'],
  ['packages/redis/src/fine.ts', 'ioredis'],
  ['packages/bullmq/src/fine.ts', 'ioredis'],
  ['packages/kafka/src/fine.ts', 'kafkajs'],
  ['packages/story/src/fine.test.ts', 'fast-check'],
  ['packages/cli/src/fine.ts', '@dateline/kafka'],
  ['packages/cli/src/gateway.ts', '@dateline/gateway'],
  ['test/delivery/fine.test.ts', 'kafkajs'],
  ['packages/story/src/d.ts', './c.ts'],
]

let broken: string
let cruise: Cruise

function depcruise(cwd: string): Cruise {
  const program = join(checkout, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'packages', 'services', 'infra', 'test']
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Cruise
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(broken, path)), { recursive: true })
  writeFileSync(join(broken, path), text)
}

/** All packages of ours and all vendors can be imported from everywhere: it is the rules that must refuse. */
function writePackage(folder: string, name: string): void {
  const ours = [...packages, ...more, ...services].map((other) => [`@dateline/${other}`, '*'])
  const dependencies = Object.fromEntries([...ours, ...vendors.map((vendor) => [vendor, '*'])])
  const manifest = {
    name,
    type: 'module',
    exports: './src/index.ts',
    dependencies,
    devDependencies: { 'fast-check': '*' },
  }
  write(`${folder}/package.json`, JSON.stringify(manifest))
  write(`${folder}/src/index.ts`, 'export const here = 1\n')
  mkdirSync(dirname(join(broken, 'node_modules', name)), { recursive: true })
  symlinkSync(join(broken, folder), join(broken, 'node_modules', name))
}

beforeAll(() => {
  broken = mkdtempSync(join(tmpdir(), 'dateline-boundaries-'))
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'tsconfig.base.json']) {
    copyFileSync(join(checkout, file), join(broken, file))
  }
  write('package.json', '{ "type": "module" }')
  for (const name of [...packages, ...more]) writePackage(`packages/${name}`, `@dateline/${name}`)
  for (const name of services) writePackage(`services/${name}`, `@dateline/${name}`)
  writePackage('infra/local', '@dateline/local-engines')
  writePackage('test', '@dateline/test')
  for (const name of [...vendors, 'saxes', 'fast-check']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    write(`node_modules/${name}/index.js`, 'module.exports = {}\n')
  }
  for (const [file, imports] of [...Object.values(refused), ...welcome]) write(file, `import '${imports}'\n`)
  cruise = depcruise(broken)
})

afterAll(() => rmSync(broken, { recursive: true, force: true }))

describe('the import rules', () => {
  it.each(Object.entries(refused))('%s refuses what it is there for', (rule, [file]) => {
    expect(
      cruise.summary.violations.filter(({ from }) => from === file).map((violation) => violation.rule.name),
    ).toContain(rule)
  })

  it.each(welcome.filter(([, imports]) => imports !== './c.ts'))('%s may import %s', (file) => {
    expect(cruise.summary.violations.filter(({ from }) => from === file)).toEqual([])
  })

  it('are all tried here', () => {
    expect(cruise.summary.ruleSetUsed.forbidden.map(({ name }) => name).sort()).toEqual(Object.keys(refused).sort())
  })

  it('see the files of this checkout', () => {
    expect(depcruise(checkout).summary.totalCruised).toBeGreaterThan(100)
  })
})
