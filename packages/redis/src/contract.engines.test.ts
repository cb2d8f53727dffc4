import { randomBytes } from 'node:crypto'
import { stateStoreContract } from '@dateline/ports/contracts'
import { afterAll, describe } from 'vitest'
import { openRedisStateStore } from './open-redis-state-store.ts'
import { parseRedisUrl } from './parse-redis-url.ts'
import { removeKeys } from './testing/remove-keys.ts'

const url = process.env.TEST_REDIS_STATE

describe.skipIf(!url)('a real Redis', () => {
  const prefix = `contract-${randomBytes(6).toString('hex')}`
  const parsed = parseRedisUrl(`${url}?prefix=${prefix}`)
  afterAll(() => removeKeys(url ?? '', `{dl:${prefix}:*`))
  stateStoreContract('redis', {
    open: () => {
      if (!parsed.ok) throw new Error(parsed.problem)
      return openRedisStateStore(parsed.options)
    },
  })
})
