import { isObject } from '../../json/json-values.ts'
import { list, number, object, type Properties, type Shape, wordOf } from './shapes.ts'

const bbox = list(number, 4)
const position = list(number, 2)
const ring = list(position, 4)

const ofType = (type: string, properties: Properties): Shape =>
  object({ type: wordOf(type), bbox, ...properties }, { required: ['type', ...Object.keys(properties)], isOpen: true })

const simple: readonly (readonly [type: string, coordinates: Shape])[] = [
  ['Point', position],
  ['LineString', list(position, 2)],
  ['Polygon', list(ring)],
  ['MultiPoint', list(position)],
  ['MultiLineString', list(list(position, 2))],
  ['MultiPolygon', list(list(ring))],
]

const byType =
  (shapes: ReadonlyMap<unknown, Shape>): Shape =>
  (value) => {
    const shape = isObject(value) ? shapes.get(value.type) : undefined
    return shape === undefined ? ' must be of a type of GeoJSON' : shape(value)
  }

const geometries = new Map(simple.map(([type, coordinates]) => [type, ofType(type, { coordinates })] as const))
const geometry = byType(geometries)
const collection = ofType('GeometryCollection', { geometries: list(geometry) })
const feature = ofType('Feature', {
  properties: (value) => (value === null || isObject(value) ? null : ' must be an object or null'),
  geometry: (value) => (value === null ? null : geometry(value)),
})

/** GeoJSON (RFC 7946), as IPTC's schemas refer to it: its types, and positions of two numbers or more. */
export const geojson: Shape = byType(
  new Map([
    ...geometries,
    ['GeometryCollection', collection],
    ['Feature', feature],
    ['FeatureCollection', ofType('FeatureCollection', { features: list(feature) })],
  ]),
)
