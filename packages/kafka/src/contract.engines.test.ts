import { eventLogContract } from '@dateline/ports/contracts'
import { describe } from 'vitest'
import { openKafkaEventLog, parseKafkaUrl } from './index.ts'

const { TEST_KAFKA } = process.env

describe.skipIf(!TEST_KAFKA)('on a real broker', () => {
  eventLogContract('kafka', {
    open: () => {
      const parsed = parseKafkaUrl(TEST_KAFKA?.startsWith('kafka') ? TEST_KAFKA : `kafka://${TEST_KAFKA}`)
      if (!parsed.ok) throw new Error(parsed.problem)
      return openKafkaEventLog(parsed.options)
    },
  })
})
