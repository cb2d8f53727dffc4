import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** IPTC's own schema of ninjs 3.1. Without its folder a validator that takes nothing: its tests are skipped. */
export function iptcValidator(folder: string | null) {
  if (folder === null) return new Ajv2020().compile(false)
  const read = (name: string) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addSchema(read('GeoJSON-schema.json'), 'https://geojson.org/schema/GeoJSON.json')
  return ajv.compile(read('ninjs-schema_3.1.json'))
}
