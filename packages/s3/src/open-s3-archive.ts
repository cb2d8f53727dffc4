import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  type Archive,
  type ArchiveObject,
  requireArchiveKey,
  requireArchiveMetadata,
  TransientFault,
} from '@dateline/ports'
import { PROOF_KEY, proveCreateOnly } from './prove-create-only.ts'
import { asFault, troubleOf } from './s3-faults.ts'
import type { S3Options } from './s3-options.ts'

/** Marks every put, so that its own lost answer is told from another writer's object. Never shown by `head`. */
const PUT_MARK = 'dateline-put'
const CONFLICT_TRIES = 6

/**
 * Opens an archive in a bucket and proves that it is fit for it. Throws EngineRefusal for a bucket that is missing, closed to these
 * credentials or without create-only puts; TransientFault when it does not answer (unless `whenAway` says otherwise).
 */
export async function openS3Archive(options: S3Options): Promise<Archive> {
  const client = createClient(options)
  const { bucket } = options
  const root = options.prefix === '' ? '' : `${options.prefix}/`
  const where = `The bucket ${bucket}${options.endpoint === undefined ? '' : ` at ${options.endpoint}`}`
  const proofKey = `${root}${PROOF_KEY}`
  let proved: Promise<void> | null = null

  try {
    await prove()
  } catch (error) {
    if (!(error instanceof TransientFault && options.whenAway === 'open')) {
      client.destroy()
      throw error
    }
  }

  return {
    async put(key, bytes, metadata = {}) {
      requireArchiveKey(key)
      requireArchiveMetadata(metadata)
      await prove()
      const mark = randomBytes(12).toString('hex')
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await putOnce(key, bytes, { ...metadata, [PUT_MARK]: mark })
        if (outcome === 'created') return 'created'
        // The SDK repeats a put whose answer was lost, and the repetition finds our own object.
        if (outcome === 'exists') return (await markOf(key)) === mark ? 'created' : 'exists'
        if (attempt === CONFLICT_TRIES)
          throw new TransientFault('archive', `${where} met another writer at ${key} again and again.`)
        await sleep(50 * attempt * (0.5 + Math.random()))
      }
    },

    async get(key, range) {
      requireArchiveKey(key)
      if (range?.length === 0) return (await headOf(key)) === null ? null : Buffer.alloc(0)
      try {
        const answer = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: root + key,
            ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.start + range.length - 1}` }),
          }),
        )
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array()
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      } catch (error) {
        const { code, status } = troubleOf(error)
        if (code === 'NoSuchKey') return null
        if (status === 416) return Buffer.alloc(0)
        throw asFault(error, 'get an object', where)
      }
    },

    async head(key) {
      requireArchiveKey(key)
      const found = await headOf(key)
      if (found === null) return null
      const { [PUT_MARK]: _mark, ...metadata } = found.metadata
      return { size: found.size, metadata }
    },

    list: (prefix, after) => list(prefix, after),

    async remove(key) {
      requireArchiveKey(key)
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: root + key }))
      } catch (error) {
        throw asFault(error, 'remove an object', where)
      }
    },

    async close() {
      client.destroy()
    },
  }

  /** Once proved, never again; a failed proof is tried anew by the next put. */
  function prove(): Promise<void> {
    proved ??= proveCreateOnly(client, { bucket, key: proofKey, where }).catch((error: unknown) => {
      proved = null
      throw error
    })
    return proved
  }

  async function putOnce(
    key: string,
    bytes: Uint8Array,
    metadata: Readonly<Record<string, string>>,
  ): Promise<'created' | 'exists' | 'conflict'> {
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: root + key,
          Body: bytes,
          ContentLength: bytes.byteLength,
          ContentType: 'application/octet-stream',
          Metadata: { ...metadata },
          IfNoneMatch: '*',
        }),
      )
      return 'created'
    } catch (error) {
      const { code, status } = troubleOf(error)
      if (status === 412) return 'exists'
      // 409: another put of this key is under way (Amazon S3, "Conditional writes"). Who won shows at the next try.
      if (code === 'ConditionalRequestConflict') return 'conflict'
      throw asFault(error, 'put an object', where)
    }
  }

  async function markOf(key: string): Promise<string | undefined> {
    return (await headOf(key))?.metadata[PUT_MARK]
  }

  async function headOf(
    key: string,
  ): Promise<{ readonly size: number; readonly metadata: Readonly<Record<string, string>> } | null> {
    try {
      const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: root + key }))
      return { size: answer.ContentLength ?? 0, metadata: answer.Metadata ?? {} }
    } catch (error) {
      if (troubleOf(error).status === 404) return null
      throw asFault(error, 'look at an object', where)
    }
  }

  async function* list(prefix: string, after: string | undefined): AsyncGenerator<ArchiveObject> {
    let token: string | undefined
    do {
      const page = await listPage(prefix, after, token)
      for (const { Key, Size } of page.Contents ?? []) {
        if (Key !== undefined && Key !== proofKey) yield { key: Key.slice(root.length), size: Size ?? 0 }
      }
      token = page.NextContinuationToken
    } while (token !== undefined)
  }

  async function listPage(prefix: string, after: string | undefined, token: string | undefined) {
    try {
      return await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: root + prefix,
          ...(after === undefined ? {} : { StartAfter: root + after }),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      )
    } catch (error) {
      throw asFault(error, 'list objects', where)
    }
  }
}

/** Everything that the SDK would otherwise take from its surroundings is said. */
function createClient(options: S3Options): S3Client {
  const checksums = options.checksums ?? 'WHEN_SUPPORTED'
  const requestTimeoutMs = options.requestTimeoutMs ?? 10_000
  return new S3Client({
    region: options.region ?? 'us-east-1',
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    forcePathStyle: options.forcePathStyle ?? false,
    ...(options.credentials === undefined ? {} : { credentials: { ...options.credentials } }),
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    retryMode: 'adaptive',
    maxAttempts: options.maxAttempts ?? 3,
    followRegionRedirects: false,
    requestHandler: {
      connectionTimeout: options.connectTimeoutMs ?? 2_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: requestTimeoutMs,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
  })
}
