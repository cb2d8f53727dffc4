import type { JsonObject } from './json-values.ts'

const links = new Set(['href', 'uri', 'url'])

/**
 * An item as text without these properties, at any depth, and without the queries of its links, which carry the tokens of one delivery.
 */
export const sourceOf = (item: JsonObject, ofTransmission: ReadonlySet<string>): string =>
  JSON.stringify(item, (key, value: unknown) => {
    if (ofTransmission.has(key) || key.startsWith('_')) return undefined
    return typeof value === 'string' && links.has(key) && /^https?:/i.test(value) ? withoutQuery(value) : value
  })

/** A link without its query. */
export const withoutQuery = (link: string): string => (link.includes('?') ? link.slice(0, link.indexOf('?')) : link)
