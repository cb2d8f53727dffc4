import { isObject } from '../../json/json-values.ts'
import type { Shape } from './shapes.ts'

/** GeoJSON (RFC 7946): its types, and the property that each must have. */
const contents: ReadonlyMap<unknown, string> = new Map([
  ['Point', 'coordinates'],
  ['MultiPoint', 'coordinates'],
  ['LineString', 'coordinates'],
  ['MultiLineString', 'coordinates'],
  ['Polygon', 'coordinates'],
  ['MultiPolygon', 'coordinates'],
  ['GeometryCollection', 'geometries'],
  ['Feature', 'geometry'],
  ['FeatureCollection', 'features'],
])

export const geojson: Shape = (value) => {
  if (!isObject(value)) return ' must be an object'
  const content = contents.get(value.type)
  if (content === undefined) return '/type must be one of GeoJSON'
  if (content === 'geometry') return value.geometry === undefined ? ' must have geometry' : null
  return Array.isArray(value[content]) ? null : ` must have ${content}`
}
