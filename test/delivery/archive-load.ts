import { hash } from 'node:crypto'
import type { EventLog } from '@dateline/ports'
import { formatPosition } from '@dateline/story'
import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'
import { randomFrom } from '../fuzz/random.ts'

/** What was archived, to be compared with what comes back: sha256 by position. */
export interface Sent {
  readonly sha256: ReadonlyMap<string, string>
  /** Bytes and messages per feed. */
  readonly feeds: Readonly<Record<string, { messages: number; bytes: number }>>
}

/** Three feeds: NewsML-G2, ninjs, and both with a text that repeats itself as little as prose does. */
export const feedNames = ['arc-xml', 'arc-json', 'arc-prose'] as const

/** Appends so many messages over the feeds, and says when half of them are there: the log's clock may go on a day then. */
export async function sendMessages(
  log: EventLog,
  messages: number,
  { onHalf, say }: { readonly onHalf: () => void; readonly say: (text: string) => void },
): Promise<Sent> {
  const sha256 = new Map<string, string>()
  const feeds: Record<string, { messages: number; bytes: number }> = {}
  const logIds = new Map((await log.topics()).map(({ name, logId }) => [name, logId ?? '']))
  const atOnce = 300
  let isSecond = false
  for (let from = 0; from < messages; from += atOnce) {
    if (!isSecond && from * 2 >= messages) {
      isSecond = true
      onHalf()
    }
    const made = Array.from({ length: Math.min(atOnce, messages - from) }, (_unused, index) => messageOf(from + index))
    const outcomes = await log.append(
      made.map(({ feed, key, value }) => ({ topic: `wire.${feed}`, key, value, headers: [['feed', feed] as const] })),
    )
    outcomes.forEach((outcome, index) => {
      const { feed = '', value = Buffer.alloc(0) } = made[index] ?? {}
      if (outcome.kind !== 'appended') throw new Error(`A message was not taken: ${outcome.kind}`)
      const topic = `wire.${feed}`
      const { partition, offset } = outcome
      sha256.set(formatPosition({ topic, logId: logIds.get(topic) ?? '', partition, offset }), hash('sha256', value))
      const sum = feeds[feed] ?? { messages: 0, bytes: 0 }
      feeds[feed] = { messages: sum.messages + 1, bytes: sum.bytes + value.length }
    })
    if ((from + atOnce) % 15_000 < atOnce) say(`${from + atOnce} messages in the log`)
  }
  return { sha256, feeds }
}

function messageOf(number: number): { readonly feed: string; readonly key: string; readonly value: Buffer } {
  const feed = feedNames[number % 3] ?? 'arc-xml'
  const key = `https://arc.example/${number}`
  if (feed === 'arc-xml') return { feed, key, value: newsmlG2Message({ guid: key, number }) }
  if (feed === 'arc-json') return { feed, key, value: ninjsMessage({ uri: key, number }) }
  const body = prose(number, 3_500)
  const value =
    number % 2 === 0
      ? newsmlG2Message({ guid: key, number, body })
      : ninjsMessage({ uri: key, number, body: body.map((text) => `<p>${text}</p>`).join('') })
  return { feed, key, value }
}

const syllables = 'ba de ring lo mis ter van oog staat ge kel pun vor wa schip no ri laar hoe zen dijk um pat es'.split(
  ' ',
)
/** 4,000 invented words, the first of them often and the last seldom, as in a language (Zipf). */
const words = Array.from({ length: 4_000 }, (_unused, index) => wordOf(index))

function wordOf(index: number): string {
  let word = ''
  for (let rest = index + 3; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]
  return word
}

/** Paragraphs of words drawn by chance: the same number gives the same. Harder to pack than a wire's own text, which repeats names and phrases. */
function prose(number: number, characters: number): readonly string[] {
  const random = randomFrom(1, number)
  const paragraphs: string[] = []
  for (let length = 0; length < characters; length += paragraphs.at(-1)?.length ?? 0)
    paragraphs.push(
      `${Array.from({ length: 60 }, () => words[Math.floor(words.length ** (random.below(65_536) / 65_536)) - 1]).join(' ')}.`,
    )
  return paragraphs
}
