import { randomBytes } from 'node:crypto'
import { jobQueueContract } from '@dateline/ports/contracts'
import { removeKeys } from '@dateline/redis/testing'
import { afterAll, describe } from 'vitest'
import { openBullmqJobQueue } from './open-bullmq-job-queue.ts'
import { parseBullmqUrl } from './parse-bullmq-url.ts'

const url = process.env.TEST_REDIS_JOBS

describe.skipIf(!url)('BullMQ on a real Redis', () => {
  const prefix = `contract-${randomBytes(6).toString('hex')}`
  const parsed = parseBullmqUrl(`${url}?prefix=${prefix}`)
  afterAll(() => removeKeys(url ?? '', `${prefix}:*`))
  jobQueueContract('bullmq', {
    open: () => {
      if (!parsed.ok) throw new Error(parsed.problem)
      return openBullmqJobQueue(parsed.options)
    },
  })
})
