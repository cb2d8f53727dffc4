import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { asFault, refusal, troubleOf } from './s3-faults.ts'

/** Lies beside the archived objects, never among those that are listed. It stays: with it, a start needs one request. */
export const PROOF_KEY = 'create-only-proof'

/**
 * Proves that the bucket is there, that the credentials may use it, and that a put with `If-None-Match: *` never overwrites: a server
 * that ignores the header would let two archivers overwrite each other. Throws EngineRefusal, or TransientFault when it is away.
 */
export async function proveCreateOnly(
  client: S3Client,
  given: { readonly bucket: string; readonly key: string; readonly where: string },
): Promise<void> {
  const { bucket, key, where } = given
  try {
    await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }))
  } catch (error) {
    throw asFault(error, 'list objects', where)
  }
  // The first put may find the object or make it; the second must be refused.
  for (const attempt of [1, 2]) {
    if ((await putOnce(client, given)) === 'exists') return
    if (attempt === 2)
      throw refusal(
        `${where} ignores If-None-Match: it overwrote an object that a put was told to leave. Two archivers could overwrite each other there: use a server with create-only puts.`,
      )
  }
}

async function putOnce(
  client: S3Client,
  { bucket, key, where }: { readonly bucket: string; readonly key: string; readonly where: string },
): Promise<'created' | 'exists'> {
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.alloc(0), IfNoneMatch: '*' }))
    return 'created'
  } catch (error) {
    const { code, status } = troubleOf(error)
    // 409: another process proves at this moment.
    if (status === 412 || code === 'ConditionalRequestConflict') return 'exists'
    throw asFault(error, 'put objects', where)
  }
}
