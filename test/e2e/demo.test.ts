import { expect, it } from 'vitest'
import { dateline } from '../support/command.ts'

it('the demo plays its hour and proves that it adds up', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await dateline(['demo', '--fast'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const expected of [
    'published',
    'killed',
    'stale',
    'duplicate',
    'rejected',
    'held',
    'It adds up.',
    'no gap and no overlap.',
    'What to try next',
  ])
    expect(stdout).toContain(expected)
})
