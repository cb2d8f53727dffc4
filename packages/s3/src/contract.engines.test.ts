import { randomBytes } from 'node:crypto'
import { archiveContract } from '@dateline/ports/contracts'
import { describe } from 'vitest'
import { openS3Archive } from './open-s3-archive.ts'

const endpoint = process.env.TEST_S3

describe.skipIf(!endpoint)('a real S3 server', () => {
  const prefix = `contract-${randomBytes(6).toString('hex')}`
  archiveContract('s3', {
    open: () =>
      openS3Archive({
        bucket: 'wire-archive',
        prefix,
        endpoint: endpoint ?? '',
        forcePathStyle: true,
        credentials: { accessKeyId: 'dateline', secretAccessKey: 'dateline-local' },
      }),
  })
})
