/** An answer that is no success: its status and the `detail` of its problem (RFC 9457), which says what to do. */
export class Refusal extends Error {
  readonly status: number
  /** Seconds to wait before another try, where the answer says so. */
  readonly retryAfterSeconds: number | undefined
  readonly problem: Readonly<Record<string, unknown>>
  constructor(
    status: number,
    detail: string,
    options: { problem: Readonly<Record<string, unknown>>; retryAfterSeconds: number | undefined },
  ) {
    super(detail)
    this.name = 'Refusal'
    this.status = status
    this.problem = options.problem
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** Nothing answered at the address. */
export class Unreachable extends Error {
  constructor(url: string, cause: unknown) {
    super(`Nothing answers at ${url}: start it with \`dateline up\`, or say with --url where it is.`, { cause })
    this.name = 'Unreachable'
  }
}

export async function refusalOf(response: Response): Promise<Refusal> {
  const text = await response.text()
  const problem = parse(text)
  const retryAfter = Number(response.headers.get('retry-after'))
  return new Refusal(
    response.status,
    typeof problem.detail === 'string' ? problem.detail : `The answer was ${response.status} ${response.statusText}`,
    { problem, retryAfterSeconds: retryAfter > 0 ? retryAfter : undefined },
  )
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
