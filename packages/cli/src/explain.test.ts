import { ObjectDamaged } from '@dateline/archive'
import { expect, it } from 'vitest'
import { explain } from './explain.ts'

it('says of a damaged object what it is and what to do, without a stack', () => {
  expect(explain(new ObjectDamaged('raw/v1/wire.anp/x', 'a member cannot be unpacked'))).toEqual({
    message: 'raw/v1/wire.anp/x is damaged: a member cannot be unpacked. Run dateline archive verify.',
    exitCode: 1,
  })
})

it('keeps the stack of a fault of ours', () => {
  const { message, exitCode } = explain(new TypeError('x is not a function'))
  expect(message).toContain('a fault of Dateline itself: TypeError: x is not a function\n    at ')
  expect(exitCode).toBe(70)
})
