import { expect, it } from 'vitest'
import { eventId } from './event-id.ts'

const event = {
  storyKey: 'anp:ANPX-1',
  seq: 3,
  version: '2',
  sourceHash: 'a'.repeat(64),
  outputHash: 'b'.repeat(64),
  kind: 'updated',
}

it('is the same for the same event for ever', () => {
  expect(eventId(event)).toBe('evt_c3isywsybx3r54m7xkmwf2wb6d')
  expect(eventId({ ...event, version: undefined, sourceHash: undefined, outputHash: undefined, kind: 'killed' })).toBe(
    'evt_wnam66hbt36uujg6jz7ursxbdf',
  )
})

it('differs where anything of the event differs', () => {
  const others = [
    { storyKey: 'anp:ANPX-2' },
    { seq: 4 },
    { version: '3' },
    { version: undefined },
    { sourceHash: 'c'.repeat(64) },
    { outputHash: 'c'.repeat(64) },
    { kind: 'corrected' },
  ].map((change) => eventId({ ...event, ...change }))
  expect(new Set([eventId(event), ...others]).size).toBe(others.length + 1)
})
