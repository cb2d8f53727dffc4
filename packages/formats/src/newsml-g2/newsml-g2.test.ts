import type { Story } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { textReader } from '../testing/text-reader.ts'
import { newsmlG2 } from './newsml-g2.ts'

const item = (inside: string, attributes = 'guid="urn:newsml:a.example:1" version="1"'): string =>
  `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" ${attributes}>${inside}</newsItem>`
const headline = '<contentMeta><headline>Kop</headline></contentMeta>'

const { parse, firstItem } = textReader(newsmlG2)
const storyOf = (text: string): Story => firstItem(text).story

describe('newsmlG2', () => {
  it('takes the source of an item from the message, without its hops', () => {
    const hops = '<hopHistory><hop seq="1"/></hopHistory>'
    const message = (header: string, inside: string): string =>
      `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header>${header}</header><itemSet>${inside}</itemSet></newsMessage>`
    const first = firstItem(
      message('<sent>2026-01-20T10:00:00Z</sent>', `<newsItem guid="a">${hops}${headline}</newsItem>`),
    )
    const again = firstItem(message('<sent>2026-01-20T10:05:00Z</sent>', `<newsItem guid="a">${headline}</newsItem>`))
    expect(first.source).toBe(`<newsItem guid="a">${headline}</newsItem>`)
    expect(again.source).toBe(first.source)
  })

  it('sees the same source whatever the line ends are', () => {
    const text = item(`\n${headline}\n`)
    expect(firstItem(text.replaceAll('\n', '\r\n')).source).toBe(firstItem(text).source)
  })

  it('hands on a signal that all of a message is a test', () => {
    const text = `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><header><signal qcode="nmsig:test"/></header><itemSet><newsItem guid="a"><itemMeta><signal qcode="sig:update"/></itemMeta>${headline}</newsItem></itemSet></newsMessage>`
    expect(storyOf(text).signals).toEqual(['nmsig:test', 'sig:update'])
  })

  it('keeps a version as it was sent', () => {
    expect(storyOf(item(headline, 'guid="a" version="0"')).version).toBe('0')
    expect(storyOf(item(headline, 'guid="a" version="1542761538"')).version).toBe('1542761538')
    expect(storyOf(item(headline, 'guid="a"')).version).toBeUndefined()
  })

  it.each([
    ['sig:correction', 'correction'],
    ['http://cv.iptc.org/newscodes/signal/correction', 'correction'],
    ['dpasig:repeat', 'repeat'],
    ['sig:update', undefined],
    ['x:incorrection', undefined],
  ])('reads signal %s as change %s', (signal, change) => {
    const name = signal.includes('//') ? 'uri' : 'qcode'
    expect(storyOf(item(`<itemMeta><signal ${name}="${signal}"/></itemMeta>${headline}`)).change).toBe(change)
  })

  it('takes the URI of a code from what it is the same as, and keeps the code', () => {
    const subject =
      '<subject type="cpnat:geoArea" qcode="dpacountry:181"><name>Ukraine</name><sameAs qcode="x:1"/><sameAs qcode="iso3166-1a3:UKR"/></subject>'
    const catalog = '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_32.xml"/>'
    expect(storyOf(item(`${catalog}<contentMeta><headline>Kop</headline>${subject}</contentMeta>`)).places).toEqual([
      { name: 'Ukraine', literal: 'dpacountry:181', uri: 'http://cvx.iptc.org/iso3166-1a3/UKR' },
    ])
  })

  it('keeps every place, and says where it leaves a second line', () => {
    const { located, places, unmapped } = storyOf(
      item(
        '<contentMeta><headline>Kop</headline><located><name>Gent</name></located><located literal="b"><name>Brugge</name></located><subject type="cptype:city" literal="c"/><by>An</by><by>An</by><by>Bo</by></contentMeta>',
      ),
    )
    expect({ located, places, unmapped }).toEqual({
      located: 'Gent',
      places: [{ name: 'Brugge', literal: 'b', rel: 'located' }, { literal: 'c' }],
      unmapped: ['contentMeta/by'],
    })
  })

  it('keeps words apart where a headline or note is broken', () => {
    const story = storyOf(
      item(
        '<itemMeta><edNote><p>Een.</p><p>Twee.</p></edNote></itemMeta><contentMeta><headline>Dijk<br/>houdt</headline></contentMeta>',
      ),
    )
    expect(story.headlines).toEqual([{ value: 'Dijk houdt' }])
    expect(story.edNotes).toEqual(['Een. Twee.'])
  })

  it.each([
    ['STORY WITHDRAWN-Ferry sails', ['kill-in-text']],
    ['KILL, KILL Ferry', ['kill-in-text']],
    ['BC-US--Ferry, KILL', ['kill-in-text']],
    ['Two bills kill the ferry', undefined],
    ['To kill a ferry', undefined],
  ])('flags words of a kill, and does not act on them: %s', (words, flags) => {
    const { flags: found, pubStatus } = storyOf(item(`<contentMeta><headline>${words}</headline></contentMeta>`))
    expect([found, pubStatus]).toEqual([flags, undefined])
  })

  it('refuses a root that is none of its own', () => {
    const text = '<!-- http://iptc.org/std/nar/2006-10-01/ --><newsItem guid="a"/>'
    expect(parse(text)).toMatchObject({ kind: 'reject', reason: 'unknown-format' })
  })

  it('says where a message is not well formed', () => {
    expect(parse(item(`${headline}\n<a>`))).toMatchObject({ reason: 'malformed', detail: expect.stringMatching(/^2:/) })
  })

  it('lets one bad item pass by among good ones', () => {
    const good = `<newsItem guid="a">${headline}</newsItem>`
    const bad = '<newsItem><itemMeta><pubStatus qcode="stat:canceled"/></itemMeta></newsItem>'
    const parsed = parse(
      `<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>${good}${bad}${good}</itemSet></newsMessage>`,
    )
    if (parsed.kind !== 'pass') throw new Error(parsed.detail)
    expect(parsed.value.map((each) => (each.kind === 'pass' ? 'story' : each.reason))).toEqual([
      'story',
      'kill-without-id',
      'story',
    ])
  })

  it('names each thing that it has no place for once, and not more than fifty', () => {
    const many = Array.from({ length: 80 }, (_, at) => `<extra${at} a="b"/><extra${at} a="c"/>`).join('')
    expect(storyOf(item(`${headline}${many}`)).unmapped).toHaveLength(50)
  })

  describe('on hostile documents', () => {
    const timeLimitMs = 5_000
    const paragraphs = `<p>${'woord '.repeat(20)}</p>`.repeat(40_000)
    const body = (inside: string): string =>
      item(`${headline}<contentSet><inlineXML><html><body>${inside}</body></html></inlineXML></contentSet>`)

    it.each([
      ['100,000 nested elements', body(`${'<div>'.repeat(100_000)}${'</div>'.repeat(100_000)}`), 'too-deep'],
      ['100,000 nested elements with namespaces', body('<x:a xmlns:x="urn:x">'.repeat(100_000)), 'too-deep'],
      ['400,000 empty elements', body('<br/>'.repeat(400_000)), 'too-complex'],
      ['200,000 attributes', body(`<p ${'a="" '.repeat(200_000)}/>`), 'too-complex'],
      [
        '200,000 distinct attributes',
        body(`<p ${Array.from({ length: 200_000 }, (_, at) => `a${at}=""`).join(' ')}/>`),
        'too-complex',
      ],
      ['11 MB', body(`<p>${'woord '.repeat(1_900_000)}</p>`), 'too-large'],
      ['a document type of 1 MB', `<!DOCTYPE a [${'<!ENTITY a "b">'.repeat(70_000)}]>${body('')}`, 'doctype'],
      ['a bare ampersand a hundred thousand times', body('& '.repeat(100_000)), 'malformed'],
    ])('refuses %s in time', (_case, text, reason) => {
      const startMs = process.threadCpuUsage().user / 1_000
      expect(parse(text)).toMatchObject({ kind: 'reject', reason })
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })

    it('reads 5 MB of text in time', () => {
      const startMs = process.threadCpuUsage().user / 1_000
      const text = body(paragraphs)
      expect(text.length).toBeGreaterThan(5_000_000)
      expect(storyOf(text).bodyText?.length).toBeGreaterThan(4_700_000)
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })

    it('reads an item of 120,000 properties in time', () => {
      const many = (name: string): string =>
        Array.from({ length: 12_000 }, (_, at) => `<${name} qcode="a:${at}" href="b${at}" rel="c">d</${name}>`).join('')
      const text = item(
        `<itemMeta>${['edNote', 'signal', 'link', 'service'].map(many).join('')}</itemMeta><contentMeta>${['headline', 'subject', 'keyword', 'icon', 'located', 'creator'].map(many).join('')}</contentMeta>`,
      )
      const startMs = process.threadCpuUsage().user / 1_000
      storyOf(text)
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })
  })
})
