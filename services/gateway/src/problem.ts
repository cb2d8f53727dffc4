/** An answer as RFC 9457 says. `detail` says what is wrong and what to do. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly extra: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds: number | undefined
  constructor(
    status: number,
    title: string,
    detail: string,
    options: { extra?: Readonly<Record<string, unknown>>; retryAfterSeconds?: number } = {},
  ) {
    super(detail)
    this.status = status
    this.title = title
    this.extra = options.extra ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

export const problemBody = (problem: Problem): string =>
  JSON.stringify({
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    ...problem.extra,
  })

export const unauthorised = (): Problem =>
  new Problem(
    401,
    'Unauthorized',
    'No key, or one that is not known: send it as `Authorization: Bearer <key>`, or as the password of basic authentication.',
  )
