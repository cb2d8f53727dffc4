/**
 * Writes src/generated/ from schemas/: TypeScript types and standalone Ajv validators.
 * `--check` writes nothing and exits 1 when what is committed differs.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import formats from 'ajv-formats'
import { compile, type JSONSchema } from 'json-schema-to-typescript'

const here = dirname(fileURLToPath(import.meta.url))
const schemaFolder = join(here, '../../../schemas')
const outFolder = join(here, 'generated')
const isCheck = process.argv.includes('--check')
const banner = '// Generated from schemas/ by generate.ts. Do not edit.\n'

const names = (await readdir(schemaFolder)).filter((name) => name.endsWith('.schema.json')).sort()
type Schema = { readonly title: string; readonly $id: string; readonly [keyword: string]: unknown }
const schemas = new Map<string, Schema>()
for (const name of names) schemas.set(name, JSON.parse(await readFile(join(schemaFolder, name), 'utf8')))

const files = new Map([...(await types()), ...validators()])
if (isCheck) await check()
else await write()

/** One bundle of types: every schema's root and every $def, once, under its own name. */
async function types(): Promise<[string, string][]> {
  const defs: Record<string, unknown> = {}
  for (const schema of schemas.values()) {
    const { $schema: _s, $id: _i, $defs, ...root } = schema
    for (const [name, def] of Object.entries(($defs as Record<string, unknown>) ?? {})) defs[name] = def
    if (schema.title !== 'Common') defs[schema.title] = root
    if (schema.title === 'Config') defs.Settings = withDefaults(root)
  }
  const local = JSON.parse(JSON.stringify(defs), (_key, value) => localRef(value)) as Record<string, unknown>
  const bundle = {
    title: 'Contracts',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(Object.keys(local).map((name) => [name, { $ref: `#/$defs/${name}` }])),
    $defs: Object.fromEntries(Object.entries(local).map(([name, def]) => [name, { ...(def as object), title: name }])),
  } as JSONSchema
  const text = await compile(bundle, 'Contracts', {
    bannerComment: '',
    format: true,
    style: { singleQuote: true, semi: false, printWidth: 120 },
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: false,
  })
  return [['types.ts', banner + text]]
}

/** The configuration as its validator leaves it: whatever has a default is there. */
function withDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withDefaults)
  if (schema === null || typeof schema !== 'object') return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withDefaults(value)]))
  const properties = copy.properties as Record<string, { default?: unknown }> | undefined
  if (properties === undefined) return copy
  const filled = Object.keys(properties).filter((name) => properties[name]?.default !== undefined)
  return { ...copy, required: [...new Set([...((copy.required as string[]) ?? []), ...filled])] }
}

/** A reference points into the bundle, and stands alone: with a description beside it the generator would make a second type. */
function localRef(value: unknown): unknown {
  const ref = (value as { $ref?: string } | null)?.$ref
  return ref === undefined ? value : { $ref: ref.replace(/^.*#/, '#') }
}

/** One module of compiled validators; loading it compiles nothing. */
function validators(): [string, string][] {
  const ajv = new Ajv2020({
    code: { source: true, esm: true, lines: false },
    strict: true,
    strictRequired: false,
    allErrors: false,
    allowUnionTypes: true,
    useDefaults: true,
  })
  formats.default(ajv)
  for (const schema of schemas.values()) ajv.addSchema(schema as AnySchemaObject)
  const exported: Record<string, string> = {}
  for (const schema of schemas.values()) if (schema.title !== 'Common') exported[`validate${schema.title}`] = schema.$id
  // Ajv's standalone code asks for its small run-time parts by require(), also in ESM mode (seen in 8.20).
  const prelude = `import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)\n`
  const code = standalone.default(ajv, exported)
  const declarations = Object.keys(exported)
    .map((name) => `export declare const ${name}: Validator<types.${name.slice('validate'.length)}>`)
    .join('\n')
  const typed = `${banner}import type * as types from './types.ts'\nimport type { Validator } from '../validator.ts'\n\n${declarations}\n`
  return [
    ['validators.js', banner + prelude + code],
    ['validators.d.ts', typed],
  ]
}

async function check(): Promise<void> {
  const stale: string[] = []
  for (const [name, text] of files) {
    const committed = await readFile(join(outFolder, name), 'utf8').catch(() => '')
    if (committed !== text) stale.push(name)
  }
  if (stale.length === 0) return
  console.error(
    `packages/contracts/src/generated is out of date (${stale.join(', ')}): run \`pnpm generate\` and commit the result.`,
  )
  process.exitCode = 1
}

async function write(): Promise<void> {
  await mkdir(outFolder, { recursive: true })
  for (const [name, text] of files) await writeFile(join(outFolder, name), text)
}
