import { printable } from '../body/body-text.ts'

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text with something in it, without control characters and broken surrogates; numbers become text. Else undefined. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return undefined
  const text = printable(value).trim()
  return text === '' ? undefined : text
}

/** The first of these properties that is there and not null. Formats of three generations spell one property in several ways. */
export function first(object: JsonObject, ...keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = object[key]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** An array's elements; one value alone is a list of one; nothing is an empty list. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value]

/** The texts of a list, or of one value alone. */
export const textsOf = (value: unknown): string[] => listOf(value).flatMap((entry) => textOf(entry) ?? [])

/** True for a property that says nothing. */
export const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** An object under construction. */
export type Draft<T> = { -readonly [K in keyof T]?: T[K] }

/** Sets a property that has a value; undefined and an empty list leave it absent. Far cheaper than spreading dozens of small objects. */
export function put<T extends object, K extends keyof T>(draft: Draft<T>, key: K, value: T[K] | undefined): void {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return
  draft[key] = value
}
