import { readdirSync, readFileSync } from 'node:fs'
import { ninjsFault } from '@dateline/formats'
import { Ajv, type AnySchemaObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../support/shared-folder.ts'

const ninjs = sharedFolder('iptc/ninjs')
const versions = ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '2.0', '2.1', '2.2', '3.0', '3.1'] as const

const readJson = (path: string): AnySchemaObject => JSON.parse(readFileSync(path, 'utf8')) as AnySchemaObject

/** IPTC's own schema. Those before 1.5 are of draft 4, which differs only in how a schema names itself. */
function validatorOf(version: string): (value: unknown) => boolean {
  const schema = JSON.parse(
    readFileSync(`${ninjs}/schemas/ninjs-schema_${version}.json`, 'utf8').replace(
      /"\$ref": *"http[^"]*ninjs-schema_[^"]*"/g,
      '"$ref": "#"',
    ),
  ) as AnySchemaObject
  const is2020 = String(schema.$schema).includes('2020')
  const geojson = readJson(`${ninjs}/schemas/GeoJSON-schema.json`)
  const { id: _id, $schema: _schema, ...older } = schema
  const { $schema: _geo, ...olderGeojson } = geojson
  const options = { strict: false, validateFormats: false }
  const ajv = is2020 ? new Ajv2020(options) : new Ajv(options)
  ajv.addSchema(is2020 ? geojson : olderGeojson)
  const validate = ajv.compile(is2020 ? schema : older)
  return (value) => validate(value) === true
}

/** Documents of this and later versions of the same generation. */
function documentsOf(version: string): readonly object[] {
  const generation = version.slice(0, 1)
  const folders = ['examples', 'test-suite'].flatMap((part) =>
    readdirSync(`${ninjs}/${part}`)
      .filter((name) => name.startsWith(generation) && !name.endsWith('dev'))
      .map((name) => `${ninjs}/${part}/${name}`),
  )
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json') && !name.includes('schema'))
      .flatMap((name) => {
        try {
          const document: unknown = readJson(`${folder}/${name}`)
          return isBranch(document) && !Array.isArray(document) ? [document] : []
        } catch {
          // One of the suite's documents that must fail is no JSON.
          return []
        }
      }),
  )
}

const isBranch = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const names =
  `x name value uri role contactinfo contactInfo digitalsourcetype expires symbols associations headline_x headline_ genre rel
  creator relevance geojson geoJSON poi width rightsinfo dates eventDetails title description_a type pubstatus pubStatus`.split(
    /\s+/,
  )
const values = [
  ...['x', 'usable', 'event', '2026-01', 5, 0.5, -1, 101, null, true, [], {}, ['x'], [{}]],
  ...[{ name: 'x' }, { value: 'x' }, [{ name: 'x' }], { linkedrights: 'x' }, { startDate: 'x' }],
  ...[
    { type: 'Point', coordinates: [1, 2] },
    { type: 'Point', coordinates: [1] },
  ],
]

const change = fc.record({
  where: fc.nat(),
  key: fc.nat(),
  how: fc.constantFrom('drop', 'set', 'add'),
  name: fc.constantFrom(...names),
  value: fc.constantFrom(...values),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function changed(document: object, changes: readonly Change[]): object {
  const copy = structuredClone(document)
  for (const { where, key, how, name, value } of changes) {
    const branches = branchesIn(copy)
    const branch = branches[where % branches.length]
    if (branch === undefined) continue
    const keys = Object.keys(branch)
    const chosen = keys[key % Math.max(1, keys.length)]
    if (how === 'add' && !Array.isArray(branch)) branch[name] = structuredClone(value)
    else if (chosen === undefined) continue
    else if (how === 'set') branch[chosen] = structuredClone(value)
    else if (Array.isArray(branch)) branch.splice(Number(chosen), 1)
    else delete branch[chosen]
  }
  return copy
}

function branchesIn(value: unknown): Record<string, unknown>[] {
  return isBranch(value) ? [value, ...Object.values(value).flatMap(branchesIn)] : []
}

describe.skipIf(ninjs === null)("The rules of ninjs, and IPTC's schemas", () => {
  it.each(versions)('say the same of documents changed at random, by the rules of %s', (version) => {
    const isValid = validatorOf(version)
    const documents = documentsOf(version)
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(change, { maxLength: 3 }), (document, changes) => {
        const candidate = changed(document, changes) as Parameters<typeof ninjsFault>[0]
        // The schema gives these two types at once, so that it takes none.
        fc.pre(!JSON.stringify(candidate).includes('recurrenceDates'))
        expect(ninjsFault(candidate, version) === null).toBe(isValid(candidate))
      }),
      { numRuns: 400 },
    )
  })
})
