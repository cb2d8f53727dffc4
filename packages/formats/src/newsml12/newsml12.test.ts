import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Story } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { textReader } from '../testing/text-reader.ts'
import { newsml12 } from './newsml12.ts'

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url)), 'utf8')

const { recognises, parse, items } = textReader(newsml12)
const storyOf = (text: string): Story | undefined => items(text)[0]?.story
const sourceOf = (text: string): string | undefined => items(text)[0]?.source

const message = (component: string): string =>
  `<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>noordzee.example</ProviderId><DateId>20260120</DateId><NewsItemId>1</NewsItemId></NewsIdentifier></Identification><NewsComponent>${component}</NewsComponent></NewsItem></NewsML>`
const headline = '<NewsLines><HeadLine>Pont</HeadLine></NewsLines>'
const textItem = (content: string): string =>
  `${headline}<ContentItem><DataContent>${content}</DataContent></ContentItem>`

describe('newsml12', () => {
  it.each([
    ['a bare root', '<NewsML><NewsItem/></NewsML>'],
    ['a root with a version', '<?xml version="1.0"?>\n<NewsML Version="1.2"></NewsML>'],
    ['comments before the root', '<?xml version="1.0"?><!-- <p> > --><!-- b --><NewsML/>'],
    ['a document type', '<!DOCTYPE NewsML SYSTEM "a.dtd"><NewsML/>'],
  ])('recognises %s', (_case, text) => expect(recognises(text)).toBe(true))

  it.each([
    ['NewsML-G2', '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"/>'],
    ['another root with a NewsML in it', '<a><NewsML/></a>'],
    ['a root that only begins so', '<NewsMLx/>'],
    ['NITF', '<nitf><body><p>NewsML</p></body></nitf>'],
    ['text before the root', 'a <NewsML/>'],
    ['an open comment', '<!-- <NewsML/>'],
    ['JSON', '{"a":"<NewsML/>"}'],
  ])('leaves %s to others', (_case, text) => expect(recognises(text)).toBe(false))

  it('rejects what is forced on it', () => {
    expect(parse('<a/>')).toMatchObject({ kind: 'reject', reason: 'unknown-format' })
    expect(parse('NewsML')).toMatchObject({ kind: 'reject', reason: 'malformed' })
  })

  it('says why an item is refused', () => {
    const outcome = parse(fixture('not-whole.xml'))
    if (outcome.kind !== 'pass') throw new Error(outcome.reason)
    expect(outcome.value.slice(0, 3)).toMatchObject([
      { reason: 'unsupported', detail: expect.stringContaining('Update="U"') },
      { reason: 'unsupported', detail: expect.stringContaining('Update="A"') },
      { reason: 'unsupported', detail: expect.stringContaining('Update="U"') },
    ])
  })

  describe('the source of an item', () => {
    it('is the same when the item is sent again, in whatever envelope', () => {
      const text = fixture('anp-second-version.xml')
      const again = text
        .replace('20260120143112007', '20260120150000001')
        .replace('<DateAndTime>20260120T143112+0100', '<DateAndTime>20260120T150000+0100')
        .replace('<Priority FormalName="3"/>', '')
      expect(again).not.toBe(text)
      expect(sourceOf(again)).toBe(sourceOf(text))
    })

    it("is without Kyodo's number of the transmission, which lies within the item", () => {
      const text = fixture('kyodo-text.xml')
      expect(sourceOf(text.replaceAll('0125', '0126'))).toBe(sourceOf(text))
      expect(sourceOf(text)).not.toContain('KwsSerial')
      expect(sourceOf(text)).toContain('an old lighthouse'.slice(3))
    })

    it('is another when anything of the item changes', () => {
      const text = fixture('anp-second-version.xml')
      expect(sourceOf(text.replace('twee mensen', 'drie mensen'))).not.toBe(sourceOf(text))
      expect(sourceOf(text.replace('<Urgency FormalName="3"/>', '<Urgency FormalName="2"/>'))).not.toBe(sourceOf(text))
    })
  })

  it('keeps one id over all revisions of an item', () => {
    const text = fixture('anp-second-version.xml')
    const third = text
      .replaceAll('017-v2', '017-v3')
      .replaceAll('017:2', '017:3')
      .replace('>2</RevisionId>', '>3</RevisionId>')
    expect([storyOf(text), storyOf(third)].map((story) => [story?.id, story?.version])).toEqual([
      ['urn:newsml:anp.nl:20260120:ANPX-200126-017', '2'],
      ['urn:newsml:anp.nl:20260120:ANPX-200126-017', '3'],
    ])
    const afp = fixture('afp-text.xml')
    expect(storyOf(afp.replaceAll('20260120T104233Z', '20260120T181500Z'))?.id).toBe(storyOf(afp)?.id)
  })

  it('tells which supplier it corrected', () => {
    const names: string[] = []
    textReader(newsml12, { onCorrection: (name) => names.push(name) }).parse(fixture('anp-second-version.xml'))
    expect(new Set(names)).toEqual(new Set(['anp']))
  })

  it('never takes a text of notes alone out of the body', () => {
    const text = fixture('afp-correction.xml').replace(
      '<p> Storm closes harbour of Port Blanc</p>\n<p>and/or</p>',
      '<p>rfj/bcp/dl</p>',
    )
    expect(storyOf(text)?.bodyText).toBe('rfj/bcp/dl')
  })

  it('keeps a concept once, and codes that differ in case apart', () => {
    const subjects = ['RTRa', 'RTRA', 'RTRa'].map((code) => `<Subject FormalName="${code}"/>`).join('')
    const metadata = `<DescriptiveMetadata><SubjectCode>${subjects}</SubjectCode></DescriptiveMetadata>`
    expect(storyOf(message(headline + metadata))?.subjects).toEqual([{ literal: 'RTRa' }, { literal: 'RTRA' }])
  })

  describe('hostile input', () => {
    const timeLimitMs = 8_000

    it.each([
      ['a hundred thousand nested components', message('<NewsComponent>'.repeat(100_000)), 'too-deep'],
      ['400,000 empty elements', message('<Role/>'.repeat(400_000)), 'too-complex'],
      ['3,000 items', `<NewsML>${'<NewsItem/>'.repeat(3_000)}</NewsML>`, 'too-complex'],
      ['a document type of 1 MB', `<!DOCTYPE NewsML [${'<!ENTITY a "b">'.repeat(70_000)}]>${message('')}`, 'doctype'],
    ])('refuses %s in time', (_case, text, reason) => {
      const startMs = process.threadCpuUsage().user / 1_000
      expect(parse(text)).toMatchObject({ kind: 'reject', reason })
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })

    it.each([
      ['5 MB of text', textItem(`<p>${'woord '.repeat(800_000)}</p>`)],
      ['escaped mark-up of 2 MB', textItem('&lt;b '.repeat(400_000))],
      ['brackets of 2 MB in CDATA', textItem(`<![CDATA[<nitf>${'<!DOCTYPE nitf <b '.repeat(100_000)}]]>`)],
      ['20,000 pictures', headline + '<NewsComponent><ContentItem Href="a"/></NewsComponent>'.repeat(20_000)],
      [
        '20,000 pictures in one',
        `${headline}<NewsComponent><NewsLines/>${'<ContentItem Href="a"/>'.repeat(20_000)}</NewsComponent>`,
      ],
      [
        '20,000 texts',
        headline +
          '<NewsComponent><ContentItem><DataContent>a</DataContent></ContentItem></NewsComponent>'.repeat(20_000),
      ],
      [
        '20,000 texts in two languages',
        headline +
          '<NewsComponent xml:lang="nl"><ContentItem><DataContent>a</DataContent></ContentItem></NewsComponent><NewsComponent xml:lang="fr"><ContentItem><DataContent>b</DataContent></ContentItem></NewsComponent>'.repeat(
            30_000,
          ),
      ],
      [
        '100,000 properties',
        `${headline}<AdministrativeMetadata>${'<Property FormalName="a" Value="b"/>'.repeat(50_000)}</AdministrativeMetadata><DescriptiveMetadata>${'<Property FormalName="Keyword" Value="b;c-d"/>'.repeat(50_000)}</DescriptiveMetadata>`,
      ],
      ['50,000 lines', `<NewsLines>${'<HeadLine>a</HeadLine>'.repeat(50_000)}</NewsLines>`],
      [
        '200 levels of components',
        headline + '<NewsComponent>'.repeat(190) + '<NewsComponent/>'.repeat(100_000) + '</NewsComponent>'.repeat(190),
      ],
      [
        'an identifier of 2 MB',
        `${textItem('a')}<NewsItemRef NewsItem="urn:newsml:a:20260120:${':1'.repeat(1_000_000)}"/>`,
      ],
    ])('reads %s in time', (_case, component) => {
      const startMs = process.threadCpuUsage().user / 1_000
      expect(storyOf(message(component))).toMatchObject({ id: 'urn:newsml:noordzee.example:20260120:1' })
      expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(timeLimitMs)
    })

    it('bounds what it keeps of the unmapped', () => {
      const unknown = Array.from({ length: 500 }, (_, at) => `<X${at} a="b"/>`).join('')
      expect(storyOf(message(headline + unknown))?.unmapped).toHaveLength(50)
    })
  })
})
