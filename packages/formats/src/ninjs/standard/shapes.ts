import { isObject, type JsonObject } from '../../json/json-values.ts'

/** What a value must look like: null where it does, else what is wrong with it. */
export type Shape = (value: unknown) => string | null

/** Properties by name. */
export type Properties = Readonly<Record<string, Shape>>

interface ObjectRules {
  readonly required?: readonly string[]
  /** For properties whose names begin so. */
  readonly patterns?: readonly (readonly [RegExp, Shape])[]
  /** Takes properties of any other name too. */
  readonly isOpen?: boolean
  /** What must hold between the properties. */
  readonly also?: (object: JsonObject) => string | null
}

export const text: Shape = (value) => (typeof value === 'string' ? null : ' must be a text')
export const number: Shape = (value) => (typeof value === 'number' ? null : ' must be a number')
export const anyObject: Shape = (value) => (isObject(value) ? null : ' must be an object')

export const matching =
  (pattern: RegExp): Shape =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? null : ` must match ${pattern.source}`

export function wordOf(...words: readonly string[]): Shape {
  const known: ReadonlySet<unknown> = new Set(words)
  return (value) => (known.has(value) ? null : ` must be one of ${words.join(', ')}`)
}

export const whole =
  (least = -Infinity, most = Infinity): Shape =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? null
      : ` must be a whole number of ${least} to ${most}`

export const list =
  (entry: Shape, least = 0): Shape =>
  (value) => {
    if (!Array.isArray(value) || value.length < least) return ` must be a list of at least ${least}`
    for (const [at, each] of value.entries()) {
      const fault = entry(each)
      if (fault !== null) return `/${at}${fault}`
    }
    return null
  }

/** An object with these properties and no others, unless the rules say more. */
export function object(
  properties: Properties,
  { required = [], patterns = [], isOpen, also }: ObjectRules = {},
): Shape {
  const shapes = new Map(Object.entries(properties))
  return (value) => {
    if (!isObject(value)) return ' must be an object'
    for (const name of required) if (value[name] === undefined) return ` must have ${name}`
    for (const key of Object.keys(value)) {
      const shape = shapes.get(key) ?? patterns.find(([pattern]) => pattern.test(key))?.[1]
      if (shape === undefined && !isOpen) return ` must not have ${JSON.stringify(key.slice(0, 100))}`
      const fault = shape?.(value[key]) ?? null
      if (fault !== null) return `/${key.slice(0, 100)}${fault}`
    }
    return also?.(value) ?? null
  }
}

/** Exactly one of two properties. */
export const eitherOf =
  (one: string, other: string) =>
  (value: JsonObject): string | null =>
    (value[one] === undefined) !== (value[other] === undefined) ? null : ` must have either ${one} or ${other}`
