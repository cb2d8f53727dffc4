import { formats } from '@dateline/formats'
import type { WireMessage } from '@dateline/normalize'
import { type RecordedBytes, recordedContainers, recordedMessages } from '../support/recorded.ts'
import { mutated } from './mutations.ts'
import { randomFrom } from './random.ts'

export interface FuzzInput {
  readonly index: number
  /** Of the recorded message that was changed. */
  readonly format: string
  readonly name: string
  /** The names of the changes, in their order. */
  readonly ways: readonly string[]
  readonly wire: WireMessage
  /** Read twice, and its documents judged once more. */
  readonly isSampled: boolean
}

export type InputMaker = (index: number) => FuzzInput

const zones = ['Europe/Amsterdam', 'Asia/Kathmandu', 'America/New_York', 'Nowhere/None'] as const
const charsets = ['utf-8', 'windows-1252', 'iso-8859-15', 'utf-16le', 'shift_jis', 'nonsense'] as const
const contentTypes = [
  ...['application/xml; charset=iso-8859-1', 'application/json', 'message/rfc822', 'text/plain; charset=utf-16'],
  ...['multipart/mixed; boundary=a', 'application/zip', 'text/html; charset="', ';;;'],
] as const

/** Makes input by number: the same for the same seed, number and recorded messages. Every format comes as often as any other. */
export function inputMaker(seed: number): InputMaker {
  const recorded = recordedMessages()
  const folders: readonly (readonly RecordedBytes[])[] = [
    ...formats.map(({ name }) => recorded.filter(({ format }) => format === name)),
    recordedContainers(),
  ]
  const all = folders.flat()
  return (index) => {
    const random = randomFrom(seed, index)
    const message = random.pickFrom(folders[index % folders.length] ?? [])
    if (message === undefined) throw new Error('a format without recorded messages')
    const { bytes, ways } = mutated(message.bytes, random, () => random.pickFrom(all)?.bytes ?? message.bytes)
    const named = random.oneIn(5) ? message.format : random.oneIn(8) ? random.pickFrom(formats)?.name : undefined
    const feed = {
      name: 'fuzz',
      supplier: 'fuzz',
      ...(named === undefined || named === 'containers' ? {} : { format: named }),
      ...(random.oneIn(4) ? { timezone: random.pick(zones) } : {}),
      ...(random.oneIn(6) ? { charset: random.pick(charsets) } : {}),
      ...(random.oneIn(4) ? { language: random.pick(['nl', 'de-CH', 'x', '']) } : {}),
    }
    const wire: WireMessage = {
      bytes,
      feed,
      receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
      position: `wire.fuzz@log/0/${index}`,
      lane: 'live',
      ...(random.oneIn(6) ? { contentType: random.pick(contentTypes) } : {}),
    }
    return { index, format: message.format, name: message.name, ways, wire, isSampled: random.oneIn(10) }
  }
}
