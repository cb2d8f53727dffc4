import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '@dateline/story'
import { afterAll, describe, expect, it } from 'vitest'
import { decode } from './decode.ts'
import { formats } from './formats.ts'
import { type ExpectedReading, openRecorded, readingOf } from './recorded-message.ts'
import type { ParsedItem, WireFormat } from './wire-format.ts'

const timeLimitMs = 5_000
let slowestMs = 0
let slowestCase = ''

/** Decodes and parses; a fault that escapes is a broken promise, and so is a parse that takes too long. */
function read(
  format: WireFormat,
  bytes: Uint8Array,
  what: string,
  expected: ExpectedReading = {},
): Outcome<readonly Outcome<ParsedItem>[]> {
  const startMs = process.threadCpuUsage().user / 1_000
  const { decoded, context } = openRecorded(bytes, expected)
  if (decoded.kind === 'pass') format.recognises(decoded.value)
  const outcome = decoded.kind === 'pass' ? format.parse(decoded.value, context) : decoded
  const tookMs = process.threadCpuUsage().user / 1_000 - startMs
  if (tookMs > slowestMs) {
    slowestMs = tookMs
    slowestCase = what
  }
  expect(tookMs, what).toBeLessThan(timeLimitMs)
  return outcome
}

interface Fixture {
  readonly name: string
  readonly bytes: Buffer
  readonly expected: ExpectedReading
}

/**
 * Every format of the list keeps these promises. Its recorded messages lie in `<format>/fixtures/` as `<case>.<extension>` beside a
 * hand-written `<case>.expected.json`.
 */
function fixturesOf(format: WireFormat): readonly Fixture[] {
  const folder = fileURLToPath(new URL(`./${format.name}/fixtures/`, import.meta.url))
  if (!existsSync(folder)) return []
  const names = readdirSync(folder)
  return names
    .filter((name) => !name.endsWith('.expected.json'))
    .map((name) => {
      const expected = name.replace(/\.[^.]+$/, '.expected.json')
      return {
        name,
        bytes: readFileSync(folder + name),
        expected: JSON.parse(readFileSync(folder + expected, 'utf8')) as ExpectedReading,
      }
    })
}

/** The same numbers on every run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe.each(formats.map((format) => [format.name, format] as const))('%s', (_name, format) => {
  const fixtures = fixturesOf(format)

  it('has recorded messages', ({ skip }) => {
    if (fixtures.length === 0) skip(`no fixtures for ${format.name} yet`)
    expect(fixtures.length).toBeGreaterThan(0)
  })

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('reads %s as recorded', (name, fixture) => {
    const outcome = read(format, fixture.bytes, name, fixture.expected)
    if (fixture.expected.reject !== undefined) {
      expect(outcome).toMatchObject({ kind: 'reject', reason: fixture.expected.reject })
      return
    }
    if (outcome.kind !== 'pass') throw new Error(`${outcome.kind} ${outcome.reason}: ${outcome.detail}`)
    expect(readingOf(outcome).items).toEqual(fixture.expected.items)
  })

  it('recognises its own messages, and is the first to do so', () => {
    for (const { name, bytes, expected } of fixtures) {
      const decoded = decode(bytes, {
        ...(expected.feed?.charset === undefined ? {} : { charset: expected.feed.charset }),
      })
      if (decoded.kind !== 'pass') continue
      expect(formats.find((each) => each.recognises(decoded.value))?.name, name).toBe(format.name)
    }
  })

  it('gives the same for the same message', () => {
    for (const { name, bytes, expected } of fixtures) {
      const [first, second] = [read(format, bytes, name, expected), read(format, bytes, name, expected)]
      expect(JSON.stringify(second)).toBe(JSON.stringify(first))
    }
  })

  it('never throws and never hangs on a message cut short', () => {
    for (const { name, bytes } of fixtures) {
      const step = Math.max(1, Math.floor(bytes.length / 150))
      for (let end = 0; end < bytes.length; end += step) read(format, bytes.subarray(0, end), `${name} cut at ${end}`)
    }
  })

  it('never throws and never hangs on changed bytes', () => {
    const next = numbersFrom(7)
    for (const { name, bytes } of fixtures) {
      for (let round = 0; round < 60; round++) {
        const changed = Buffer.from(bytes)
        for (let count = next(12); count >= 0; count--) changed[next(changed.length)] = next(256)
        read(format, changed, `${name} changed ${round}`)
      }
    }
  })

  it('never throws and never hangs on parts taken out, doubled or taken from another message', () => {
    const next = numbersFrom(11)
    for (const { name, bytes } of fixtures) {
      for (let round = 0; round < 40; round++) {
        const other = fixtures[next(fixtures.length)]?.bytes ?? bytes
        const from = next(bytes.length)
        const to = from + next(bytes.length - from)
        const start = next(other.length)
        const piece = other.subarray(start, start + next(400))
        const spliced = Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(round % 2 === 0 ? to : from)])
        read(format, spliced, `${name} spliced ${round}`)
      }
    }
  })

  it('never throws and never hangs on other encodings', () => {
    for (const { name, bytes } of fixtures) {
      const text = bytes.toString('utf8')
      for (const encoding of ['latin1', 'utf16le', 'ascii', 'base64'] as const)
        read(format, Buffer.from(text, encoding), `${name} as ${encoding}`)
      read(format, Buffer.from(text, 'utf16le').swap16(), `${name} as utf-16be`)
      for (const charset of ['utf-16', 'shift_jis', 'iso-8859-15', 'nonsense'])
        read(format, bytes, `${name} told ${charset}`, { feed: { charset } })
    }
  })

  it.each([
    ['a byte', Buffer.from('<')],
    ['brackets', Buffer.from('<'.repeat(1_000_000))],
    ['braces', Buffer.from('{"a":'.repeat(200_000))],
    ['arrays', Buffer.from('['.repeat(1_000_000))],
    ['quotes', Buffer.from('"'.repeat(1_000_000))],
    ['escaped quotes in a string left open', Buffer.from(`{"uri":"\u0001${'\\"'.repeat(60_000)}`)],
    ['one long line', Buffer.from('woord '.repeat(800_000))],
    ['empty lines', Buffer.from('a\n'.repeat(200_000))],
    ['random bytes', Buffer.from(Array.from({ length: 200_000 }, numbersFrom(3).bind(null, 256)))],
  ])('never throws and never hangs on %s', (what, bytes) => {
    read(format, bytes, what)
  })
})

afterAll(() => {
  console.info(`slowest of all readings: ${slowestMs.toFixed(0)} ms, ${slowestCase}`)
})
