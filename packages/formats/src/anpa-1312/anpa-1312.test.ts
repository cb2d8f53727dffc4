import { describe, expect, it } from 'vitest'
import { textReader } from '../testing/text-reader.ts'
import { anpa1312 } from './anpa-1312.ts'

const { recognises, parse, firstItem } = textReader(anpa1312, {
  feed: { name: 'ap-asia', supplier: 'ap', timezone: 'America/New_York' },
  receivedAtMs: Date.parse('2026-11-24T12:00:00Z'),
})

interface Parts {
  readonly first?: string
  readonly version?: string
  readonly filed?: string
  readonly letters?: string
  readonly head?: string
  readonly body?: string
  readonly stamp?: string
}
const message = (parts: Parts = {}) => {
  const { first = 'W0001\x1fasian', version = '', filed = '11-24 0009', letters = 'r i', ...rest } = parts
  const { head = '^BC-EX--Bridge,9<\n^Bridge closed<', body = '\t   PORT EXAMPLE (AP) _ A bridge is closed.' } = rest
  const { stamp = 'AP-WF-11-24-26 1201GMT<' } = rest
  return `\x16\x16\x01${first}\n${letters}\x13\x11 BC-EX--Bridge ${version}   ${filed}\n\x02${head}\n${body}\n\x03${stamp}\n\x0c\x04`
}
const only = (parts: Parts) => firstItem(message(parts))

describe('ANPA 1312', () => {
  it('gives the same source for an item sent again, whatever number, selector, date and time it has then', () => {
    const first = only({})
    const again = only({
      first: 'b9876\x1f-----',
      filed: '11-25 0010',
      head: '^*9006< ^BC-EX--Bridge,10<\n^Bridge closed<',
      stamp: 'AP-NY-11-25-26 0301EST<',
    })
    expect(again.source).toBe(first.source)
    expect(first.source).not.toMatch(/0001|asian|WF/)
    expect(only({ body: '\t   PORT EXAMPLE (AP) _ A bridge is open.' }).source).not.toBe(first.source)
    expect(only({ version: '1stLd' }).source).not.toBe(first.source)
  })

  it.each([
    ['without SYN', message().slice(2)],
    ['without SYN and SOH', message().slice(3)],
    ['with three SYN', `\x16${message()}`],
    ['behind padding and codes', `\0\r\n\x7f\x7f\x05axx bxx\r\n${message()}`.slice(1)],
    ['without a number of words', message({ filed: '11-24' })],
    ['without a selector', message({ first: 'W0001' })],
    ['without a selector behind US', message({ first: 'W0001\x1f' })],
    ['with CR LF', message().replaceAll('\n', '\r\n')],
  ])('reads a message %s', (_what, text) => {
    expect(recognises(text)).toBe(true)
    const outcome = parse(text)
    expect(outcome.kind === 'pass' && outcome.value).toMatchObject([
      { kind: 'pass', value: { story: { slugline: 'EX--Bridge', headlines: [{ value: 'Bridge closed' }] } } },
    ])
  })

  it.each([
    'PORT EXAMPLE (AP) - A bridge is closed.',
    'a b c\nd e f\n',
    'W0001 Notes\nr i think so\n',
    '<p>W0001\nr i BC-EX--Bridge 11-24 0009</p>',
    '\x01bdt0001 3 pl 9  dpa 0001\n\nBridge/\n\x02Bridge closed =\n',
  ])('does not take %j for its own, and rejects it where the feed names the format', (text) => {
    expect(recognises(text)).toBe(false)
    expect(parse(text)).toMatchObject({ kind: 'reject', reason: 'malformed' })
  })

  it.each([
    ['f', 1],
    ['b', 2],
    ['u', 3],
    ['r', 4],
    ['d', 5],
    ['w', 6],
    ['a', 7],
    ['s', 8],
    ['z', undefined],
  ])('reads priority %s', (letter, urgency) => {
    const { story } = only({ letters: `${letter} i` })
    expect(story.urgency).toBe(urgency)
    expect(story.supplierUrgency).toBe(letter)
  })

  it.each([
    ['1stLd', ['sig:update'], undefined, undefined],
    ['2ndLd-Writethru', ['sig:update'], undefined, undefined],
    ['Correction', ['sig:correction'], 'correction', undefined],
    ['Adv29', undefined, undefined, '2026-11-29T00:00:00-05:00'],
    ['Adv24', undefined, undefined, '2026-11-24T00:00:00-05:00'],
    ['Adv02', undefined, undefined, '2026-12-02T00:00:00-05:00'],
    ['Adv28-29', undefined, undefined, '2026-11-28T00:00:00-05:00'],
    ['Adv', undefined, undefined, 'indefinite'],
    ['HFR', undefined, undefined, 'indefinite'],
  ])('reads the version %s', (version, signals, change, embargoed) => {
    const { story } = only({ version })
    expect(story).toMatchObject({ version, slugline: 'EX--Bridge' })
    expect([story.signals, story.change, story.embargoed]).toEqual([signals, change, embargoed])
  })

  it.each([
    ['AP-WF-11-24-26 1201GMT<', '2026-11-24T12:01:00Z', undefined],
    ['AP-NY-07-04-26 0412EDT<', '2026-07-04T04:12:00-04:00', undefined],
    ['AP-NY-11-24-26 0412<', '2026-11-24T04:12:00-05:00', ['zone-assumed']],
    ['AP-NY-11-01-26 0130<', '2026-11-01T01:30:00-05:00', ['zone-assumed', 'time-ambiguous']],
    ['KST-21:37-09-12-18', '2018-12-09T21:37:00+09:00', undefined],
    ['24-11-26 14-05-33', '2026-11-24T14:05:33-05:00', ['zone-assumed']],
    ['AP-WF-13-24-26 1201GMT<', undefined, ['time-unreadable']],
    ['', undefined, undefined],
  ])('reads the stamp %j', (stamp, versionCreated, flags) => {
    const { story } = only({ stamp })
    expect([story.versionCreated, story.flags]).toEqual([versionCreated, flags])
  })

  it('keeps the codes of companies, and turns what the character set lacks into what it stands for', () => {
    const { story } = only({ body: "\t   Example <EXO> said: ``We won't _ and they don't.''" })
    expect(story.bodyText).toBe("Example <EXO> said: “We won't — and they don't.”")
    expect(story.bodyHtml).toBe("<p>Example &lt;EXO&gt; said: “We won't — and they don't.”</p>")
  })

  it.each([
    { version: 'Kill' },
    { version: '1stLd-Kill' },
    { head: '^BC-EX--Bridge, Kill,9<\n^Bridge closed<' },
    { head: '^BC-EX--Bridge,9<\n^STORY WITHDRAWN<' },
  ])('rejects the kill of %j, which names no story', (parts) => {
    expect(parse(message(parts))).toMatchObject({ value: [{ reason: 'kill-without-id' }] })
  })

  it('takes an indent for the beginning of a paragraph, and a short line within it for a broken one', () => {
    const { story } = only({ body: '   PORT EXAMPLE (AP) _ A\nBridge is closed.\n   Nobody knows\nFor how long.' })
    expect(story.bodyText).toBe('PORT EXAMPLE (AP) — A Bridge is closed.\n\nNobody knows For how long.')
  })

  it('reads a message of carets, indents and marks in a time that grows no faster than it', () => {
    const long = 400_000
    for (const body of [
      '^'.repeat(long),
      '< '.repeat(long),
      '`'.repeat(long),
      '\t\n'.repeat(40_000),
      `${' '.repeat(long)}x`,
    ])
      expect(parse(message({ body })).kind).toBe('pass')
    expect(parse('\x03\x16\x16\x05'.repeat(long)).kind).toBe('reject')
    expect(parse(message({ body: 'x\n'.repeat(200_000) }))).toMatchObject({ kind: 'reject', reason: 'too-complex' })
  })
})
