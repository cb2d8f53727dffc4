import { expect, it } from 'vitest'
import { structuredEvent } from './structured-event.ts'

it('carries the attributes and the document as it stands', () => {
  const text = structuredEvent({
    headers: [
      ['ce_specversion', '1.0'],
      ['ce_id', Buffer.from('evt_a')],
      ['ce_storyseq', '3'],
      ['content-type', 'application/json'],
      ['other', 'x'],
    ],
    value: Buffer.from('{"uri":"urn:x:é"}'),
  })
  expect(JSON.parse(text)).toEqual({
    specversion: '1.0',
    id: 'evt_a',
    storyseq: 3,
    datacontenttype: 'application/json',
    data: { uri: 'urn:x:é' },
  })
})
