import type { Story } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { textReader } from '../testing/text-reader.ts'
import { nitf } from './nitf.ts'

const document = (head: string, body = '<body.content><p>De pont vaart.</p></body.content>'): string =>
  `<nitf><head>${head}</head><body>${body}</body></nitf>`
const docdata = (inside: string, attributes = ''): string =>
  document(`<docdata ${attributes}><doc-id id-string="a"/>${inside}</docdata>`)

const { recognises, parse, firstItem } = textReader(nitf)
const storyOf = (text: string): Story => firstItem(text).story

describe('nitf', () => {
  it.each([
    ['a root in no namespace', '<nitf/>', true],
    ['a prefixed root', '<n:nitf xmlns:n="http://iptc.org/std/NITF/2006-10-18/">', true],
    [
      'a root after all that may stand before it',
      '\n<?xml version="1.0"?>\n<!-- <a> --><!DOCTYPE nitf SYSTEM "b">\n<nitf >',
      true,
    ],
    ['declarations, which are refused later', '<!DOCTYPE nitf [<!ENTITY a "]">\n]><nitf>', false],
    ['declarations without brackets in them', '<!DOCTYPE nitf [<!ENTITY a "b">\n] ><nitf>', true],
    ['an nitf within another standard', '<newsItem><nitf/></newsItem>', false],
    ['a name that only begins so', '<nitfs/>', false],
    ['a comment left open', '<!-- <nitf/>', false],
    ['no mark-up', 'nitf', false],
  ])('tells by its root: %s', (_case, text, expected) => {
    expect(recognises(text)).toBe(expected)
  })

  it('sees the same source when only the transmission differs', () => {
    const sent = (sequence: string, time: string): string =>
      document(
        `<meta name="anpa-sequence" content="${sequence}"/><meta name="timestamp" content="${time}"/><docdata><doc-id id-string="a"/><del-list><from-src src-name="${sequence}"/></del-list></docdata><pubdata date.publication="${time}" item-length="9"/>`,
      )
    const first = firstItem(sent('0001', '20260120T100000Z'))
    expect(firstItem(sent('0002', '20260120T100500Z')).source).toBe(first.source)
    expect(first.source).toContain('<doc-id id-string="a"/>')
    expect(first.source).toContain('De pont vaart.')
  })

  it('sees another source when the text differs', () => {
    expect(firstItem(docdata('')).source).not.toBe(firstItem(docdata('<urgency ed-urg="1"/>')).source)
  })

  it.each([
    ['1', 1],
    ['8', 8],
    ['9', undefined],
    ['0', undefined],
    ['urgent', undefined],
  ])('reads urgency %s as %s', (sent, urgency) => {
    expect(storyOf(docdata(`<urgency ed-urg="${sent}"/>`))).toMatchObject({ supplierUrgency: sent })
    expect(storyOf(docdata(`<urgency ed-urg="${sent}"/>`)).urgency).toBe(urgency)
  })

  it('keeps a version as it was sent', () => {
    expect(storyOf(docdata('<du-key key="b" version="0"/>')).version).toBe('0')
    expect(storyOf(docdata('<du-key key="b"/>')).version).toBeUndefined()
  })

  it('gives a kill of another document after the notice itself', () => {
    const parsed = parse(docdata('', 'management-doc-idref="b" management-idref-status="canceled"'))
    if (parsed.kind !== 'pass') throw new Error(parsed.detail)
    expect(parsed.value).toMatchObject([
      { kind: 'pass', value: { story: { id: 'a' } } },
      { kind: 'pass', value: { story: { id: 'b', pubStatus: 'canceled' } } },
    ])
  })

  it('takes none of the text of a document that it recalls', () => {
    const parsed = parse(docdata('', 'management-doc-idref="b" management-idref-status="withheld"'))
    const recall = parsed.kind === 'pass' ? parsed.value[1] : undefined
    expect(recall).toMatchObject({ kind: 'pass', value: { story: { pubStatus: 'withheld' } } })
    expect(recall?.kind === 'pass' ? recall.value.story.bodyText : '').toBeUndefined()
  })

  it('names each thing that it has no place for once, and not more than fifty', () => {
    const many = Array.from({ length: 80 }, (_, at) => `<extra${at}/><extra${at}/>`).join('')
    expect(storyOf(docdata(many)).unmapped).toHaveLength(50)
  })

  it('is safe with names that objects have of their own', () => {
    const text = document('<meta name="__proto__" content="a"/><meta name="constructor" content="b"/>')
    expect(storyOf(text).unmapped).toEqual(['meta/__proto__', 'meta/constructor'])
  })

  describe('on hostile documents', () => {
    const timeLimitMs = 5_000
    const many = (text: string, count = 60_000): string => text.repeat(count)
    const inBody = (inside: string): string => document('', `<body.content><p>a</p>${inside}</body.content>`)
    const inHead = (inside: string): string => document('', `<body.head>${inside}</body.head><body.content/>`)

    it.each([
      ['a hundred thousand nested elements', inBody(many('<block>', 100_000)), 'too-deep'],
      ['400,000 elements', inBody(many('<br/>', 400_000)), 'too-complex'],
      ['a document type of 1 MB', `<!DOCTYPE nitf [${many('<!ENTITY a "b">', 70_000)}]>${document('')}`, 'doctype'],
    ])('refuses %s in time', (_case, text, reason) => {
      const startMs = process.threadCpuUsage().user / 1_000
      expect(parse(text)).toMatchObject({ kind: 'reject', reason })
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })

    it.each([
      ['notes', inBody(Array.from({ length: 60_000 }, (_, at) => `<note><p>n${at}</p></note>`).join(''))],
      [
        'notes, and four times as many again',
        inBody(Array.from({ length: 299_000 }, (_, at) => `<note>${at}</note>`).join('')),
      ],
      [
        'keywords of ANSA',
        document(
          `<meta name="selezione" content="a"/>${Array.from({ length: 200_000 }, (_, at) => `<meta name="keyword" content="${at}"/>`).join('')}`,
        ),
      ],
      ['denominators', inBody(`<p>${many('<denom>2</denom>')}</p>`)],
      ['pictures', inBody(many('<media><media-reference source="a"/></media>'))],
      [
        'headlines',
        inHead(`<hedline>${Array.from({ length: 60_000 }, (_, at) => `<hl2>h${at}</hl2>`).join('')}</hedline>`),
      ],
      ['people in a byline', inHead(`<byline>${many('<person>a</person>')}</byline>`)],
      ['spaces in a byline', inHead(`<byline>a${many(' ', 500_000)}b<byttl>c</byttl></byline>`)],
      ['bylines', inHead(many('<byline>a</byline>'))],
      [
        'subjects',
        document(
          `<tobject>${Array.from({ length: 60_000 }, (_, at) => `<tobject.subject tobject.subject.refnum="x${at}"/>`).join('')}</tobject>`,
        ),
      ],
      ['fixtures', docdata(many('<fixture fix-id="a"/>'))],
      [
        'metas',
        document(Array.from({ length: 60_000 }, (_, at) => `<meta name="timestamp" content="${at}"/>`).join('')),
      ],
    ])('reads 60,000 %s in time', (_case, text) => {
      const startMs = process.threadCpuUsage().user / 1_000
      expect(parse(text).kind).toBe('pass')
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })
  })
})
