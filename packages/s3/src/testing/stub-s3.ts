import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the next request of a method gets instead of an ordinary answer. */
export type StubFault =
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** Does what was asked, then breaks the connection: the answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** Sends the head of the answer and half of its bytes. */
  | { readonly kind: 'half-body' }
  | { readonly kind: 'hang' }

export interface StubS3 {
  readonly endpoint: string
  /** Method and key of every request, in order. */
  readonly requests: readonly string[]
  /** The next requests of that method, one fault each. */
  fail(method: string, ...faults: StubFault[]): void
  /** Puts an object past the server's rules. */
  plant(key: string, body: string, metadata?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

interface Stored {
  readonly body: Buffer
  readonly metadata: Readonly<Record<string, string>>
}

/** A little S3 with one bucket, for answers that a healthy server does not give. */
export async function startStubS3(options: { readonly ignoresIfNoneMatch?: boolean } = {}): Promise<StubS3> {
  const objects = new Map<string, Stored>()
  const faults = new Map<string, StubFault[]>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(request, response, Buffer.concat(chunks)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fail: (method, ...more) => void faults.set(method, [...(faults.get(method) ?? []), ...more]),
    plant: (key, body, metadata = {}) => void objects.set(key, { body: Buffer.from(body), metadata }),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://stub')
    const key = pathname.split('/').slice(2).join('/')
    const method = searchParams.has('list-type') ? 'LIST' : (request.method ?? '')
    requests.push(`${method} ${key}`)
    // The proof at the opening is left in peace, unless it is what the test is about.
    const fault = key.endsWith('create-only-proof') ? undefined : faults.get(method)?.shift()
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'status') {
      refuse(response, fault.status, fault.code, method)
      return
    }
    if (fault?.kind === 'lose-answer') {
      serve(method, key, request, body)
      response.destroy()
      return
    }
    const served = serve(method, key, request, body)
    if (served.status >= 400) {
      refuse(response, served.status, served.code ?? '', method)
      return
    }
    response.writeHead(served.status, { ...served.headers, 'content-length': served.body.length })
    if (fault?.kind === 'half-body') {
      response.write(served.body.subarray(0, served.body.length / 2), () => response.destroy())
      return
    }
    response.end(method === 'HEAD' ? undefined : served.body)
  }

  function serve(method: string, key: string, request: IncomingMessage, body: Buffer) {
    const found = objects.get(key)
    if (method === 'LIST') return ok(Buffer.from('<ListBucketResult></ListBucketResult>'), {})
    if (method === 'PUT') {
      if (found && !options.ignoresIfNoneMatch && request.headers['if-none-match'] === '*')
        return { status: 412, code: 'PreconditionFailed', headers: {}, body: Buffer.alloc(0) }
      objects.set(key, { body, metadata: metadataOf(request) })
      return ok(Buffer.alloc(0), { etag: '"1"' })
    }
    if (!found) return { status: 404, code: 'NoSuchKey', headers: {}, body: Buffer.alloc(0) }
    return ok(
      found.body,
      Object.fromEntries(Object.entries(found.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    )
  }
}

const ok = (body: Buffer, headers: Record<string, string>) => ({ status: 200, headers, body, code: undefined })

const metadataOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => name.startsWith('x-amz-meta-'))
      .map(([name, value]) => [name.slice('x-amz-meta-'.length), String(value)]),
  )

function refuse(response: ServerResponse, status: number, code: string, method: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(method === 'HEAD' ? undefined : `<Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}
