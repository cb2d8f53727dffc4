import { randomBytes } from 'node:crypto'
import { stateStoreContract } from '@dateline/ports/contracts'
import { describe } from 'vitest'
import { openRedisStateStore } from './open-redis-state-store.ts'
import { parseRedisUrl } from './parse-redis-url.ts'

const url = process.env.TEST_REDIS_STATE

describe.skipIf(!url)('a real Redis', () => {
  const parsed = parseRedisUrl(`${url}?prefix=contract-${randomBytes(6).toString('hex')}`)
  stateStoreContract('redis', {
    open: () => {
      if (!parsed.ok) throw new Error(parsed.problem)
      return openRedisStateStore(parsed.options)
    },
  })
})
