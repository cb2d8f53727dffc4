import { gunzipSync, gzipSync } from 'node:zlib'
import { decode, formats, type ParseContext, unpack, type WireFormat } from '@dateline/formats'
import { normalize } from '@dateline/normalize'
import { SaxesParser } from 'saxes'
import { type Recorded, recordedMessages } from '../support/recorded.ts'

/** Of one core: all times are CPU of this thread, so other work on the machine changes little. */
interface FormatReport {
  readonly format: string
  readonly messages: number
  readonly stories: number
  readonly bytes: number
  /** Decoded and parsed. */
  readonly storiesPerSecond: number
  readonly megabytesPerSecond: number
  /** The whole way: unpacked, decoded, detected, parsed, enriched, rendered and validated. */
  readonly normalizedStoriesPerSecond: number
  /** What reads the same bytes in the same run and makes nothing of them. */
  readonly bareParser: string
  readonly bareMegabytesPerSecond: number
  /** CPU of decoding and parsing, to that of the bare parser. */
  readonly cpuRatioToBareParser: number
}

interface BareParser {
  readonly name: string
  readonly parse: (text: string) => unknown
}

const bareParsers: Readonly<Record<'xml' | 'json' | 'text', BareParser>> = {
  xml: { name: 'saxes', parse: (text) => new SaxesParser({ xmlns: true, position: false }).write(text).close() },
  json: { name: 'JSON.parse', parse: (text) => JSON.parse(text) },
  text: { name: 'split by lines', parse: (text) => text.split('\n') },
}

const receivedAtMs = Date.parse('2026-01-20T12:00:00Z')

/** Each format over its recorded messages that hold a story, for about so many seconds of CPU. */
export function* benchFormats(secondsEach: number): Generator<FormatReport> {
  const recorded = recordedMessages()
  for (const format of formats) {
    const messages = recorded.filter((message) => message.format === format.name && isGood(message))
    yield benchFormat(format, messages, secondsEach)
  }
  yield benchContainers(recorded.filter(isGood), secondsEach)
}

const storiesIn = ({ expected: { items = [] } }: Recorded): number => items.filter((item) => 'story' in item).length
const isGood = (message: Recorded): boolean => storiesIn(message) > 0

function benchFormat(format: WireFormat, recorded: readonly Recorded[], secondsEach: number): FormatReport {
  const bare = bareParserOf(recorded)
  const messages = recorded.filter(({ bytes }) => isTaken(bare, bytes))
  return measured(format.name, bare.name, messages, secondsEach, {
    read(message) {
      const { feed, contentType } = message.expected
      const decoded = decode(message.bytes, {
        ...(contentType === undefined ? {} : { contentType }),
        ...(feed?.charset === undefined ? {} : { charset: feed.charset }),
      })
      return decoded.kind === 'pass' ? format.parse(decoded.value, contextOf(message)) : decoded
    },
    whole: (message) => normalize({ ...contextOf(message), ...place, bytes: message.bytes }),
    bare: ({ bytes }) => bare.parse(bytes.toString('utf8')),
  })
}

/** Unpacking the messages of all formats, each in a gzip file, beside zlib alone. */
function benchContainers(recorded: readonly Recorded[], secondsEach: number): FormatReport {
  const packed = recorded.map((message) => ({ ...message, packed: gzipSync(message.bytes) }))
  return measured('gzip, of all formats', 'zlib', packed, secondsEach, {
    read: ({ packed }) => unpack(packed, { isMessage: () => true }),
    whole: (message) => normalize({ ...contextOf(message), ...place, bytes: message.packed }),
    bare: ({ packed }) => gunzipSync(packed),
  })
}

const place = { position: 'wire.bench@log/0/0', lane: 'live' } as const

type Way = 'read' | 'whole' | 'bare'

/** What each way does with all messages, in turns, so that they share whatever else the machine does; a quarter before it counts. */
function measured<T extends Recorded>(
  format: string,
  bareParser: string,
  messages: readonly T[],
  seconds: number,
  ways: Readonly<Record<Way, (message: T) => unknown>>,
): FormatReport {
  takeTurns(messages, seconds / 4, ways)
  const { read, whole, bare } = takeTurns(messages, seconds, ways)
  const bytes = messages.reduce((sum, message) => sum + message.bytes.byteLength, 0)
  const stories = messages.reduce((sum, message) => sum + storiesIn(message), 0)
  return {
    format,
    messages: messages.length,
    stories,
    bytes,
    storiesPerSecond: Math.round((stories * 1_000) / read),
    megabytesPerSecond: twoDigits(bytes / 1_000 / read),
    normalizedStoriesPerSecond: Math.round((stories * 1_000) / whole),
    bareParser,
    bareMegabytesPerSecond: twoDigits(bytes / 1_000 / bare),
    cpuRatioToBareParser: twoDigits(read / bare),
  }
}

/** Linux counts a thread's CPU by the tick: a turn shorter than some of them would say nothing. */
const turnMs = 40

/** Milliseconds of CPU that each way takes for all messages once. */
function takeTurns<T>(
  messages: readonly T[],
  seconds: number,
  ways: Readonly<Record<Way, (message: T) => unknown>>,
): Readonly<Record<Way, number>> {
  const cpuMs: Record<Way, number> = { read: 0, whole: 0, bare: 0 }
  const passes: Record<Way, number> = { read: 0, whole: 0, bare: 0 }
  do {
    for (const way of ['read', 'whole', 'bare'] as const) {
      const before = process.threadCpuUsage()
      const endMs = performance.now() + turnMs
      do {
        for (const message of messages) ways[way](message)
        passes[way]++
      } while (performance.now() < endMs)
      const { user, system } = process.threadCpuUsage(before)
      cpuMs[way] += (user + system) / 1_000
    }
  } while (cpuMs.read + cpuMs.whole + cpuMs.bare < seconds * 1_000)
  return { read: cpuMs.read / passes.read, whole: cpuMs.whole / passes.whole, bare: cpuMs.bare / passes.bare }
}

function contextOf({ expected }: Recorded): ParseContext {
  return { feed: { name: 'bench', supplier: 'bench', ...expected.feed }, receivedAtMs }
}

function bareParserOf(messages: readonly Recorded[]): BareParser {
  const start = messages[0]?.bytes.toString('utf8').replace('\ufeff', '').trimStart() ?? ''
  if (start.startsWith('{') || start.startsWith('[')) return bareParsers.json
  return start.startsWith('<') ? bareParsers.xml : bareParsers.text
}

/** Some recorded messages are mended on the way: no parser takes them as they are. */
function isTaken(bare: BareParser, bytes: Buffer): boolean {
  try {
    bare.parse(bytes.toString('utf8'))
    return true
  } catch {
    return false
  }
}

const twoDigits = (value: number): number => Math.round(value * 100) / 100
