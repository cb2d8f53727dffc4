import { createServer, type Server, type Socket } from 'node:net'
import {
  type ByteReader,
  readerOf,
  int8 as readInt8,
  int16 as readInt16,
  int32 as readInt32,
  int64 as readInt64,
  text,
} from '../byte-reader.ts'
import { appendBatch, bytesFrom, type FakePartition, highOf } from './fake-log.ts'
import { array, bytes, int8, int16, int32, int64, string } from './protocol-bytes.ts'

export interface ProduceSeen {
  readonly node: number
  readonly topic: string
  readonly partition: number
  readonly sequence: number
  readonly count: number
  readonly producerId: bigint
  /** Of this partition, this one included. */
  readonly inFlight: number
}

/** What becomes of a produce request's part: null lets the broker do what it would. */
export type ProduceFault =
  | null
  | { readonly kind: 'code'; readonly code: number }
  /** Appended, but the answer leaves the partition out. */
  | { readonly kind: 'omit' }
  /** Appended, and the connection breaks before the answer. */
  | { readonly kind: 'break' }
  | { readonly kind: 'delay'; readonly ms: number }

export interface FakeKafka {
  readonly brokers: readonly string[]
  readonly seen: ProduceSeen[]
  partition(topic: string, partition: number): FakePartition
  setMaxMessageBytes(bytes: number): void
  /** The user may not use this topic. */
  deny(topic: string): void
  /** Asked for every part of every produce request. */
  onProduce: (seen: ProduceSeen) => ProduceFault
  /** The node refuses connections from now on, or takes them again. */
  down(node: number): Promise<void>
  up(node: number): Promise<void>
  close(): Promise<void>
}

const VERSIONS: readonly (readonly [apiKey: number, version: number])[] = [
  [0, 7],
  [1, 11],
  [2, 3],
  [3, 6],
  [18, 2],
  [22, 1],
  [32, 2],
]

/**
 * Brokers on loopback that speak just enough of Kafka's protocol to append to and fetch from, with logs in memory and faults on
 * command: what a real cluster does once in a thousand leader moves, they do when told.
 */
export async function startFakeKafka(options: {
  readonly nodes?: number
  readonly topics: Readonly<Record<string, number>>
}): Promise<FakeKafka> {
  const nodes = options.nodes ?? 1
  const servers: Server[] = []
  const sockets = new Set<Socket & { node?: number }>()
  const ports: number[] = []
  const inFlight = new Map<string, number>()
  let producers = 0n
  const denied = new Set<string>()
  let maxMessageBytes = 1_000_000
  const topics = new Map(
    Object.entries(options.topics).map(([topic, count]) => [
      topic,
      Array.from({ length: count }, (_, at): FakePartition => ({ leader: at % nodes, low: 0, batches: [] })),
    ]),
  )

  for (let node = 0; node < nodes; node++) {
    const server = createServer((socket) => serve(node, socket))
    servers.push(server)
    await listen(server, 0)
    const address = server.address()
    ports.push(typeof address === 'object' && address !== null ? address.port : 0)
  }

  const kafka: FakeKafka = {
    brokers: ports.map((port) => `127.0.0.1:${port}`),
    seen: [],
    partition(topic, partition) {
      const found = topics.get(topic)?.[partition]
      if (found === undefined) throw new Error(`The fake has no ${topic}/${partition}`)
      return found
    },
    setMaxMessageBytes(bytes) {
      maxMessageBytes = bytes
    },
    deny: (topic) => void denied.add(topic),
    onProduce: () => null,
    async down(node) {
      for (const socket of sockets) if (socket.node === node) socket.destroy()
      await new Promise((resolve) => servers[node]?.close(resolve))
    },
    async up(node) {
      const server = createServer((socket) => serve(node, socket))
      servers[node] = server
      await listen(server, ports[node] ?? 0)
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
  return kafka

  function serve(node: number, socket: Socket & { node?: number }): void {
    socket.node = node
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    let buffered = Buffer.alloc(0)
    // As a broker does: one request of a connection after the other.
    let last = Promise.resolve()
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk])
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const request = buffered.subarray(4, 4 + buffered.readInt32BE(0))
        buffered = buffered.subarray(4 + request.length)
        last = last.then(() => answer(node, socket, request))
      }
    })
  }

  async function answer(node: number, socket: Socket, request: Buffer): Promise<void> {
    const from = readerOf(request)
    const apiKey = readInt16(from)
    readInt16(from)
    const correlationId = readInt32(from)
    text(from)
    const body = await answerTo(apiKey, node, from)
    if (body === null) socket.destroy()
    else socket.write(Buffer.concat([int32(body.length + 4), int32(correlationId), body]))
  }

  async function answerTo(apiKey: number, node: number, from: ByteReader): Promise<Buffer | null> {
    switch (apiKey) {
      case 18:
        return Buffer.concat([
          int16(0),
          array(VERSIONS.map(([key, version]) => [int16(key), int16(0), int16(version)])),
          int32(0),
        ])
      case 3:
        return metadata(from)
      case 22:
        return Buffer.concat([int32(0), int16(0), int64(++producers), int16(0)])
      case 32:
        return describeConfigs(from)
      case 0:
        return produce(node, from)
      case 1:
        return fetch(node, from)
      case 2:
        return listOffsets(from)
      default:
        return null
    }
  }

  function metadata(from: ByteReader): Buffer {
    const asked = Array.from({ length: Math.max(0, readInt32(from)) }, () => text(from))
    const names = asked.length > 0 ? asked : [...topics.keys()]
    return Buffer.concat([
      int32(0),
      array(ports.map((port, node) => [int32(node), string('127.0.0.1'), int32(port), string(null)])),
      string('fake'),
      int32(0),
      array(
        names.map((name) => [
          int16(denied.has(name) ? 29 : topics.has(name) ? 0 : 3),
          string(name),
          int8(0),
          array(
            (denied.has(name) ? [] : (topics.get(name) ?? [])).map(({ leader }, partition) => [
              int16(leader < 0 ? 5 : 0),
              int32(partition),
              int32(leader),
              array([]),
              array([]),
              array([]),
            ]),
          ),
        ]),
      ),
    ])
  }

  function describeConfigs(from: ByteReader): Buffer {
    const names: string[] = []
    for (let left = readInt32(from); left > 0; left--) {
      readInt8(from)
      names.push(text(from))
      for (let settings = readInt32(from); settings > 0; settings--) text(from)
    }
    const setting = [string('max.message.bytes'), string(String(maxMessageBytes)), int8(0), int8(1), int8(0), array([])]
    return Buffer.concat([
      int32(0),
      array(names.map((name) => [int16(0), string(null), int8(2), string(name), array([setting])])),
    ])
  }

  async function produce(node: number, from: ByteReader): Promise<Buffer | null> {
    readInt16(from)
    readInt16(from)
    readInt32(from)
    const results: { topic: string; partition: number; code: number; baseOffset: number }[] = []
    let breaks = false
    for (let left = readInt32(from); left > 0; left--) {
      const topic = text(from)
      for (let partitions = readInt32(from); partitions > 0; partitions--) {
        const number = readInt32(from)
        const length = readInt32(from)
        const batch = from.bytes.subarray(from.at, from.at + length)
        from.at += length
        const result = await producePart(node, topic, number, batch)
        if (result === 'break') breaks = true
        else if (result !== 'omit') results.push({ topic, partition: number, ...result })
      }
    }
    if (breaks) return null
    return Buffer.concat([
      array(
        results.map(({ topic, partition, code, baseOffset }) => [
          string(topic),
          array([[int32(partition), int16(code), int64(baseOffset), int64(Date.now()), int64(0)]]),
        ]),
      ),
      int32(0),
    ])
  }

  async function producePart(node: number, topic: string, number: number, batch: Buffer) {
    const partition = topics.get(topic)?.[number]
    const name = `${topic}/${number}`
    inFlight.set(name, (inFlight.get(name) ?? 0) + 1)
    const seen: ProduceSeen = {
      node,
      topic,
      partition: number,
      sequence: batch.readInt32BE(53),
      count: batch.readInt32BE(57),
      producerId: batch.readBigInt64BE(43),
      inFlight: inFlight.get(name) ?? 0,
    }
    kafka.seen.push(seen)
    const fault = kafka.onProduce(seen)
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
    inFlight.set(name, (inFlight.get(name) ?? 1) - 1)
    if (fault?.kind === 'code') return { code: fault.code, baseOffset: -1 }
    if (partition === undefined) return { code: 3, baseOffset: -1 }
    if (partition.leader !== node) return { code: 6, baseOffset: -1 }
    if (batch.length > maxMessageBytes) return { code: 10, baseOffset: -1 }
    const appended = appendBatch(partition, batch)
    return fault?.kind === 'omit' || fault?.kind === 'break' ? fault.kind : appended
  }

  async function fetch(node: number, from: ByteReader): Promise<Buffer> {
    readInt32(from)
    const maxWaitMs = readInt32(from)
    from.at += 4 + 4 + 1 + 4 + 4
    const asked: { topic: string; partition: number; offset: number }[] = []
    for (let left = readInt32(from); left > 0; left--) {
      const topic = text(from)
      for (let partitions = readInt32(from); partitions > 0; partitions--) {
        const partition = readInt32(from)
        readInt32(from)
        asked.push({ topic, partition, offset: readInt64(from) })
        from.at += 8 + 4
      }
    }
    const found = () => asked.map((one) => ({ ...one, ...fetchPart(node, one) }))
    const giveUpAtMs = performance.now() + maxWaitMs
    let parts = found()
    while (parts.every(({ code, records }) => code === 0 && records.length === 0) && performance.now() < giveUpAtMs) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      parts = found()
    }
    return Buffer.concat([
      int32(0),
      int16(0),
      int32(0),
      array(
        parts.map(({ topic, partition, code, high, low, records }) => [
          string(topic),
          array([
            [int32(partition), int16(code), int64(high), int64(high), int64(low), array([]), int32(-1), bytes(records)],
          ]),
        ]),
      ),
    ])
  }

  function fetchPart(node: number, asked: { topic: string; partition: number; offset: number }) {
    const partition = topics.get(asked.topic)?.[asked.partition]
    const nothing = { high: -1, low: -1, records: Buffer.alloc(0) }
    if (partition === undefined) return { code: 3, ...nothing }
    if (partition.leader !== node) return { code: 6, ...nothing }
    const high = highOf(partition)
    if (asked.offset < partition.low || asked.offset > high) return { code: 1, ...nothing }
    return { code: 0, high, low: partition.low, records: bytesFrom(partition, asked.offset) }
  }

  function listOffsets(from: ByteReader): Buffer {
    readInt32(from)
    readInt8(from)
    const asked: { topic: string; partition: number; isEarliest: boolean }[] = []
    for (let left = readInt32(from); left > 0; left--) {
      const topic = text(from)
      for (let partitions = readInt32(from); partitions > 0; partitions--) {
        asked.push({ topic, partition: readInt32(from), isEarliest: from.bytes.readBigInt64BE(from.at) === -2n })
        from.at += 8
      }
    }
    return Buffer.concat([
      int32(0),
      array(
        asked.map(({ topic, partition, isEarliest }) => {
          const found = kafka.partition(topic, partition)
          return [
            string(topic),
            array([[int32(partition), int16(0), int64(-1), int64(isEarliest ? found.low : highOf(found))]]),
          ]
        }),
      ),
    ])
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
