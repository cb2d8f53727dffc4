/** A compiled validator: true narrows the value; after false, `errors` says why. */
export interface Validator<T> {
  (value: unknown): value is T
  errors?:
    | readonly {
        readonly instancePath: string
        readonly message?: string
        readonly propertyName?: string
        readonly params?: Readonly<Record<string, unknown>>
      }[]
    | null
}

/** The first fault as one line: `/items/0/feed must match pattern …`. */
export function faultOf(validator: Validator<unknown>): string {
  const first = validator.errors?.[0]
  if (!first) return 'is not valid'
  const { additionalProperty, unevaluatedProperty, allowedValues } = first.params ?? {}
  const allowed = Array.isArray(allowedValues) ? allowedValues.join(', ') : undefined
  const extra = additionalProperty ?? unevaluatedProperty ?? allowed ?? first.propertyName
  return `${first.instancePath || '/'} ${first.message ?? 'is not valid'}${extra === undefined ? '' : `: ${String(extra)}`}`
}
