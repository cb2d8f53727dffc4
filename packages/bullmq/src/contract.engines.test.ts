import { randomBytes } from 'node:crypto'
import { jobQueueContract } from '@dateline/ports/contracts'
import { describe } from 'vitest'
import { openBullmqJobQueue } from './open-bullmq-job-queue.ts'
import { parseBullmqUrl } from './parse-bullmq-url.ts'

const url = process.env.TEST_REDIS_JOBS

describe.skipIf(!url)('BullMQ on a real Redis', () => {
  const parsed = parseBullmqUrl(`${url}?prefix=contract-${randomBytes(6).toString('hex')}`)
  jobQueueContract('bullmq', {
    open: () => {
      if (!parsed.ok) throw new Error(parsed.problem)
      return openBullmqJobQueue(parsed.options)
    },
  })
})
