import { describe, expect, it } from 'vitest'
import { decode } from '../decode.ts'
import { formats } from '../formats.ts'
import type { ParseContext } from '../wire-format.ts'

const context: ParseContext = {
  feed: { name: 'feed', supplier: 'blad' },
  receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
}

function parse(text: string) {
  const decoded = decode(Buffer.from(text))
  if (decoded.kind !== 'pass') throw new Error(decoded.detail)
  const format = formats.find((each) => each.recognises(decoded.value))
  return { format: format?.name, outcome: format?.parse(decoded.value, context) }
}

const rss = (items: string, attributes = ''): string =>
  `<rss version="2.0" ${attributes}><channel>${items}</channel></rss>`

const sourceOf = (text: string): string => {
  const { outcome } = parse(text)
  const [item] = outcome?.kind === 'pass' ? outcome.value : []
  if (item?.kind !== 'pass') throw new Error('no item')
  return item.value.source
}

describe('feeds', () => {
  it.each([
    ['rss', rss('<title>Leeg</title>')],
    ['atom', '<feed xmlns="http://www.w3.org/2005/Atom"><title>Leeg</title></feed>'],
    ['json-feed', '{"version":"https://jsonfeed.org/version/1.1","title":"Leeg","items":[]}'],
  ])('take an empty feed of %s for a sign of life', (name, text) => {
    expect(parse(text)).toMatchObject({ format: name, outcome: { kind: 'ignore', reason: 'heartbeat' } })
  })

  it('see the same source when only counters of comments and views have moved on', () => {
    const item = (count: number) =>
      rss(
        `<item><guid>1</guid><title>Kop</title><s:comments>${count}</s:comments><m:content url="https://a.example/1.jpg"><m:community><m:statistics views="${count}"/></m:community></m:content></item>`,
        'xmlns:s="http://purl.org/rss/1.0/modules/slash/" xmlns:m="http://search.yahoo.com/mrss/"',
      )
    expect(sourceOf(item(4))).toBe(sourceOf(item(5)))
    expect(sourceOf(item(4).replace('Kop', 'Andere kop'))).not.toBe(sourceOf(item(4)))
  })

  it.each([
    ['more entries than any feed has', rss('<item><guid>1</guid><title>x</title></item>'.repeat(2_001)), 'too-complex'],
    ['elements nested too deep', rss(`<item>${'<a>'.repeat(300)}${'</a>'.repeat(300)}</item>`), 'too-deep'],
    ['entities', `<!DOCTYPE rss [<!ENTITY a "b">]>${rss('<item><title>&a;</title></item>')}`, 'doctype'],
  ])('refuse %s', (_what, text, reason) => {
    expect(parse(text).outcome).toMatchObject({ kind: 'reject', reason })
  })

  const media = 'xmlns:m="http://search.yahoo.com/mrss/"'
  it.each([
    ['pictures', rss(`<item>${'<m:content url="https://a.example/?x" fileSize="1"/>'.repeat(50_000)}</item>`, media)],
    [
      'different pictures',
      rss(
        `<item>${Array.from({ length: 30_000 }, (_, at) => `<m:content url="https://a.example/${at}"/>`).join('')}</item>`,
        media,
      ),
    ],
    ['categories', rss(`<item>${'<category domain="x">y</category>'.repeat(75_000)}</item>`)],
    ['brackets', rss(`<item><title>${'&lt;a '.repeat(300_000)}</title></item>`)],
    ['ampersands', rss(`<item><description>${'&amp;a'.repeat(300_000)}</description></item>`)],
  ])('take hostile %s in their stride', (_what, text) => {
    const startMs = process.threadCpuUsage().user / 1_000
    parse(text)
    expect(process.threadCpuUsage().user / 1_000 - startMs).toBeLessThan(5_000)
  })
})
