import { first, isObject, type JsonObject, textOf } from '../../json/json-values.ts'
import { generation1 } from './generation-1.ts'
import { generation2 } from './generation-2.ts'
import { generation3 } from './generation-3.ts'
import type { Shape } from './shapes.ts'

/** Versions whose rules are known, from IPTC's schemas. */
const shapes: ReadonlyMap<string, Shape> = new Map([
  ...[1, 2, 3, 4, 5, 6].map((minor) => [`1.${minor}`, generation1(minor)] as const),
  ...[0, 1, 2].map((minor) => [`2.${minor}`, generation2(minor)] as const),
  ...[0, 1].map((minor) => [`3.${minor}`, generation3(minor)] as const),
])

/** What a document breaks of the rules of a version of ninjs, as path and rule; null where it keeps them, or the version is unknown. */
export const ninjsFault = (document: JsonObject, version: string): string | null =>
  shapes.get(version)?.(document) ?? null

/** The version of ninjs that a document says it keeps to. */
export function declaredVersion(document: JsonObject): string | undefined {
  const standard = first(document, 'standard', '$standard')
  return isObject(standard) ? textOf(standard.version) : undefined
}
