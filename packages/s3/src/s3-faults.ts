import { EngineRefusal, TransientFault } from '@dateline/ports'

/** What an S3 error says in codes: of the service, of HTTP, of the socket. Its text decides nothing. */
interface S3Trouble {
  readonly code: string
  readonly status: number | null
}

/** Passing, although HTTP says 4xx (Amazon S3, "Error responses", and smithy's own names). */
const PASSING = new Set([
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'SlowDown',
  'OperationAborted',
  'ConditionalRequestConflict',
  'TimeoutError',
  'AbortError',
  'IncompleteBody',
])

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ERR_STREAM_PREMATURE_CLOSE',
])

export function troubleOf(error: unknown): S3Trouble {
  if (!(error instanceof Error)) return { code: 'Unknown', status: null }
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } }
  return {
    code: typeof code === 'string' ? code : error.name,
    status: $metadata?.httpStatusCode ?? null,
  }
}

/** Any error of a call as the port knows it. What is neither passing nor a refusal of the server stays what it is. */
export function asFault(error: unknown, doing: string, where: string): unknown {
  if (error instanceof TransientFault || error instanceof EngineRefusal) return error
  const { code, status } = troubleOf(error)
  if (code === 'CredentialsProviderError')
    return refusal(`No credentials for ${where} were found: set them in the environment or in the settings.`, error)
  if (isPassing(code, status)) {
    const said = status === null ? code : `${status} ${code}`
    return new TransientFault('archive', `${where} did not ${doing} (${said}).`, { cause: error })
  }
  if (status !== null && status >= 300) return refusal(adviceOn(code, status, doing, where), error)
  return error
}

const isPassing = (code: string, status: number | null): boolean =>
  PASSING.has(code) ||
  SOCKET_CODES.has(code) ||
  status === 408 ||
  status === 429 ||
  (status !== null && status >= 500 && status !== 501)

export const refusal = (message: string, cause?: unknown): EngineRefusal =>
  new EngineRefusal('archive', message, { cause })

function adviceOn(code: string, status: number, doing: string, where: string): string {
  if (code === 'NoSuchBucket') return `${where} does not exist: create the bucket, or correct the archive's URL.`
  if (code === 'InvalidAccessKeyId')
    return `${where} does not know the access key: check the credentials of the archive.`
  if (code === 'SignatureDoesNotMatch') return `${where} refuses the secret key: check the credentials of the archive.`
  if (code === 'AuthorizationHeaderMalformed' || code === 'PermanentRedirect' || status === 301)
    return `${where} lies in another region: set region= in the archive's URL.`
  if (code === 'NotImplemented' || status === 501)
    return `${where} lacks a function that the archive needs to ${doing}: use a server with create-only puts (If-None-Match).`
  if (status === 401 || status === 403)
    return `${where} forbids these credentials to ${doing}: they need to list, get, put and delete objects there.`
  return `${where} refused to ${doing} (${status} ${code}).`
}
