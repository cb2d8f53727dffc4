import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly subject: string
  readonly seq: number
  readonly atMs: number
}

/** What the receiver says: a status, a status with headers, or whatever it likes; `hang` never answers. */
export type Say =
  | number
  | readonly [status: number, headers: Record<string, string>]
  | 'hang'
  | ((response: ServerResponse) => void)

export interface Receiver {
  readonly url: string
  readonly deliveries: Delivery[]
  /** Subjects with sequence in the order they came, `anp:1#2`. */
  names(): string[]
  /** Asked for every delivery. */
  answer: (delivery: Delivery) => Say | Promise<Say>
  /** Deliveries of one story that overlapped. */
  readonly overlaps: string[]
  close(): Promise<void>
}

/** A webhook receiver on loopback, which says 200 until told otherwise. */
export async function startReceiver(): Promise<Receiver> {
  const deliveries: Delivery[] = []
  const overlaps: string[] = []
  const inHand = new Set<string>()
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const text = Buffer.concat(parts).toString()
    const event = (text === '' ? {} : JSON.parse(text)) as { subject?: string; storyseq?: number }
    const delivery: Delivery = {
      headers: request.headers,
      text,
      subject: event.subject ?? '',
      seq: event.storyseq ?? 0,
      atMs: performance.now(),
    }
    deliveries.push(delivery)
    if (inHand.has(delivery.subject)) overlaps.push(delivery.subject)
    inHand.add(delivery.subject)
    const say = await receiver.answer(delivery)
    inHand.delete(delivery.subject)
    if (say === 'hang') return
    if (typeof say === 'function') return say(response)
    const [status, headers] = typeof say === 'number' ? [say, {}] : say
    response.writeHead(status, headers).end('noted')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    names: () => deliveries.map(({ subject, seq }) => `${subject}#${seq}`),
    answer: () => 200,
    overlaps,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}
