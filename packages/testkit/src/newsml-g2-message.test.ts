import { expect, it } from 'vitest'
import { newsmlG2Message } from './newsml-g2-message.ts'

it('has the size of an agency message', () => {
  for (const number of [0, 1, 7, 99_999]) {
    const { length } = newsmlG2Message({ number })
    expect(length).toBeGreaterThan(5_400)
    expect(length).toBeLessThan(6_300)
  }
})

it('gives the same bytes for the same options, others for another number', () => {
  expect(newsmlG2Message({ number: 3 })).toEqual(newsmlG2Message({ number: 3 }))
  expect(newsmlG2Message({ number: 3 })).not.toEqual(newsmlG2Message({ number: 4 }))
})

it('writes what it is told, as XML', () => {
  const text = newsmlG2Message({
    guid: 'urn:a&b',
    version: 0,
    headline: '<Kop> & "staart"',
    body: ['Een < twee'],
    pubStatus: 'canceled',
    urgency: 1,
    embargoed: '',
    edNote: 'Let op',
    language: 'en',
    signal: 'sig:correction',
  }).toString()
  for (const part of [
    'guid="urn:a&amp;b" version="0"',
    '<headline>&lt;Kop&gt; &amp; &quot;staart&quot;</headline>',
    '<p>Een &lt; twee</p>',
    'stat:canceled',
    '<urgency>1</urgency>',
    '<embargoed/>',
    '<edNote>Let op</edNote>',
    'tag="en"',
    '<signal qcode="sig:correction"/>',
  ])
    expect(text).toContain(part)
})

it('holds several items, each with a text and a guid of its own', () => {
  const text = newsmlG2Message({
    version: 2,
    items: [{ headline: 'Een' }, { headline: 'Twee', version: 5 }],
  }).toString()
  expect(text.match(/<newsItem guid="[^"]+" version="\d"/g)).toEqual([
    '<newsItem guid="urn:newsml:agency.example:20260120:story-1" version="2"',
    '<newsItem guid="urn:newsml:agency.example:20260120:story-2" version="5"',
  ])
})
