import { describe, expect, it } from 'vitest'
import { decode } from './decode.ts'
import { formats } from './formats.ts'

/** The smallest message of each format whose time has no zone. `stamp` is "2026-10-25T02:30:00". */
const messages: Readonly<Record<string, (stamp: string) => string>> = {
  'newsml-g2': (stamp) =>
    `<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="a"><itemMeta><versionCreated>${stamp}</versionCreated></itemMeta><contentMeta><headline>Brug dicht</headline></contentMeta></newsItem>`,
  newsml12: (stamp) =>
    `<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier><ProviderId>x</ProviderId><DateId>20261025</DateId><NewsItemId>a</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="News"/><ThisRevisionCreated>${stamp.replace(/[-:]/g, '')}</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines><HeadLine>Brug dicht</HeadLine></NewsLines></NewsComponent></NewsItem></NewsML>`,
  nitf: (stamp) =>
    `<nitf><head><docdata><doc-id id-string="a"/><date.issue norm="${stamp.replace(/[-:]/g, '')}"/></docdata></head><body><body.head><hedline><hl1>Brug dicht</hl1></hedline></body.head></body></nitf>`,
  ninjs: (stamp) => JSON.stringify({ uri: 'a', headline: 'Brug dicht', versioncreated: stamp }),
  'ap-media-api': (stamp) =>
    JSON.stringify({
      data: { item: { altids: { itemid: 'a', etag: 'b' }, version: 1, versioncreated: stamp, headline: 'Brug dicht' } },
    }),
  'dpa-digitalwires': (stamp) =>
    JSON.stringify({
      format: 'digitalwires@0.9.1',
      entry_id: 'a',
      urn: 'urn:newsml:dpa.com:20090101:1',
      version: 1,
      version_created: stamp,
      headline: 'Brug dicht',
    }),
  atom: (stamp) =>
    `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>urn:a</id><title>Brug dicht</title><updated>${stamp}</updated></entry></feed>`,
  'json-feed': (stamp) =>
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'x',
      items: [{ id: 'a', title: 'Brug dicht', date_modified: stamp }],
    }),
  rss: (stamp) =>
    `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title><item><guid>a</guid><title>Brug dicht</title><dc:date>${stamp}</dc:date></item></channel></rss>`,
  'iptc-7901': (stamp) =>
    `\x01anp0001 3 bin 9  ANP 0001\n\nBrug/\n\x02Brug dicht =\n\nDe brug is dicht.\n\n\x03${stamp.slice(8, 10)}${stamp.slice(11, 13)}${stamp.slice(14, 16)} ${stamp.slice(5, 7) === '03' ? 'Mar' : 'Oct'} 26\n`,
  'anpa-1312': (stamp) =>
    `\x16\x16\x01a0001\x1fx\nr i\x13\x11 BC-BRUG   01-01 0009\n\x02^BC-BRUG,9<\n^Brug dicht<\n\tDe brug is dicht.\n\x03ANP-WF-${stamp.slice(5, 10)}-26 ${stamp.slice(11, 13)}${stamp.slice(14, 16)}<\n`,
  'plain-text': (stamp) =>
    `EMBARGO TOT ${stamp.slice(8, 10)} ${stamp.slice(5, 7) === '03' ? 'MAART' : 'OKTOBER'} 2026 ${stamp.slice(11, 16)} UUR\n\nBrug dicht\n\nZWOLLE (ANP) - De brug is dicht. Het verkeer wordt omgeleid.\n`,
}

describe.each(Object.entries(messages))('%s', (name, message) => {
  it.each([
    ['2026-03-29T01:59:00', '2026-03-29T01:59:00+01:00', ['zone-assumed']],
    ['2026-03-29T02:30:00', '2026-03-29T03:30:00+02:00', ['zone-assumed', 'time-skipped']],
    ['2026-10-25T02:30:00', '2026-10-25T02:30:00+01:00', ['zone-assumed', 'time-ambiguous']],
    ['2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00', ['zone-assumed']],
  ])('reads %s in Amsterdam, and flags it where the clock shows it twice or never', (stamp, instant, flags) => {
    const decoded = decode(Buffer.from(message(stamp)))
    if (decoded.kind !== 'pass') throw new Error(decoded.detail)
    const format = formats.find((each) => each.recognises(decoded.value))
    expect(format?.name).toBe(name)
    const feed = { name: 'anp', supplier: 'anp', timezone: 'Europe/Amsterdam' }
    const outcome = format?.parse(decoded.value, { feed, receivedAtMs: Date.parse('2026-06-01T12:00:00Z') })
    const item = outcome?.kind === 'pass' ? outcome.value[0] : outcome
    if (item?.kind !== 'pass') throw new Error(JSON.stringify(item))
    const { versionCreated, embargoed, flags: found } = item.value.story
    expect(versionCreated ?? embargoed).toBe(instant)
    expect(found?.filter((flag) => /^(?:zone|time)-/.test(flag))).toEqual(flags)
  })
})

it('flags a page that says "yesterday" of such a time', () => {
  const text = 'Brug dicht\nZWOLLE (ANP) - De brug is dicht.\ngisteren om 02:30\n'
  const page = formats.find(({ name }) => name === 'page-capture')
  const outcome = page?.parse(
    { bytes: Buffer.from(text), text, charset: 'utf-8' },
    {
      feed: { name: 'nzp', supplier: 'nzp', timezone: 'Europe/Amsterdam' },
      receivedAtMs: Date.parse('2026-10-26T12:00:00Z'),
    },
  )
  expect(outcome).toMatchObject({
    value: [
      {
        value: {
          story: {
            versionCreated: '2026-10-25T02:30:00+01:00',
            flags: ['time-relative', 'zone-assumed', 'time-ambiguous'],
          },
        },
      },
    ],
  })
})
