import type { JsonObject } from '../json/json-values.ts'

/** Properties by name in lower case: the service spells them in three ways ("NewsID", "headline", "byLine"). null is left out. */
export function fieldsOf(item: JsonObject): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const [key, value] of Object.entries(item)) {
    const name = key.toLowerCase()
    if (value !== null && !fields.has(name)) fields.set(name, value)
  }
  return fields
}
