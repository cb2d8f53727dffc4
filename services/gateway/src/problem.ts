import type { Feeds } from '@dateline/runtime'

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

export const notForFeed = (caller: string, feed: string): Problem =>
  new Problem(403, 'Forbidden', `The key "${caller}" is not for the feed ${feed}: use the key of that feed.`)

export function unknownFeed(feeds: Feeds, name: string): Problem {
  const names = feeds.all().map((feed) => feed.name)
  const where = feeds.isOpen ? 'A feed begins with its first push.' : 'Feeds are named in dateline.yaml.'
  return new Problem(
    404,
    'Unknown feed',
    `There is no feed ${name}. The feeds are: ${names.join(', ') || 'none'}. ${where}`,
    { extra: { feeds: names } },
  )
}

export const tooLarge = (limitBytes: number): Problem =>
  new Problem(
    413,
    'Message too large',
    `A wire message may have ${limitBytes} bytes: send the text without its media, or in parts.`,
    { extra: { limitBytes } },
  )
