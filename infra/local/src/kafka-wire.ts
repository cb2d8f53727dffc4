import { connect } from 'node:net'
import { host } from './settings.ts'

// Just enough of the Kafka protocol to know that a broker works; see kafka.apache.org/protocol.
const metadataKey = 3
const findCoordinatorKey = 10
const headerBytes = 4 + 4 // length, correlation id

/** Node ids of the brokers that this broker knows to be alive; undefined when it does not answer as a broker. */
export async function liveBrokers(port: number, timeoutMs = 1000): Promise<readonly number[] | undefined> {
  const noTopics = Buffer.alloc(4)
  const answer = await exchange(port, request(metadataKey, 1, noTopics), timeoutMs)
  return answer && readBrokerIds(answer)
}

/** True when a group could be joined; the first ask makes the broker create the offsets topic. */
export async function coordinatorAnswers(port: number, group: string, timeoutMs = 1000): Promise<boolean> {
  const answer = await exchange(port, request(findCoordinatorKey, 0, text(group)), timeoutMs)
  return answer !== undefined && answer.length >= headerBytes + 2 && answer.readInt16BE(headerBytes) === 0
}

/** Request header version 1, with our name as client id. */
export function request(apiKey: number, version: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4 + 2 + 2 + 4)
  const client = text('dateline-engines')
  head.writeInt32BE(8 + client.length + body.length, 0)
  head.writeInt16BE(apiKey, 4)
  head.writeInt16BE(version, 6)
  head.writeInt32BE(1, 8)
  return Buffer.concat([head, client, body])
}

/** Metadata response version 1: an array of node id, host, port and rack, then things not needed here. */
export function readBrokerIds(answer: Buffer): readonly number[] | undefined {
  try {
    const ids: number[] = []
    let at = headerBytes + 4
    for (let left = answer.readInt32BE(headerBytes); left > 0; left--) {
      ids.push(answer.readInt32BE(at))
      at += 4
      at += 2 + answer.readInt16BE(at) // host
      at += 4 // port
      at += 2 + Math.max(0, answer.readInt16BE(at)) // rack, -1 when null
    }
    return ids
  } catch {
    return undefined
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** One request, one whole answer with its length; undefined when refused, cut off or too late. */
function exchange(port: number, bytes: Buffer, timeoutMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs, signal: AbortSignal.timeout(timeoutMs) })
    let received = Buffer.alloc(0)
    const finish = (answer?: Buffer): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) finish(received)
    })
    socket.on('error', () => finish())
    socket.on('close', () => finish())
  })
}
