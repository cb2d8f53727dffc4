import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isPrivateAddress } from './private-addresses.ts'
import type { PublishedEvent, Subscription } from './subscription.ts'
import { storyEvent } from './testing/dispatcher-bench.ts'
import { type Receiver, startReceiver } from './testing/receiver.ts'
import { addressesOf, createSender, type DeliveryResult, type Sender } from './webhook.ts'

const secret = `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`

let receiver: Receiver
let sender: Sender

beforeEach(async () => {
  receiver = await startReceiver()
  sender = createSender()
})
afterEach(async () => {
  await sender.close()
  await receiver.close()
})

const subscription = (more: Partial<Subscription> = {}): Subscription => ({
  name: 's',
  url: receiver.url,
  secret,
  where: {},
  allowPrivate: true,
  reprocessed: true,
  active: true,
  timeoutMs: 5_000,
  ...more,
})

const event = (text = 'Oekraïne – “één” 🗞'): PublishedEvent =>
  storyEvent({ key: 'anp:1', document: { headlines: [{ value: text }] } })
const send = (more: Partial<Subscription> = {}, nowMs = Date.now()): Promise<DeliveryResult> =>
  sender.send(subscription(more), event(), nowMs)

describe('a delivery', () => {
  it('is signed as Standard Webhooks says: its own library verifies it', async () => {
    expect(await send()).toEqual({ kind: 'delivered', status: 200 })
    const [delivery] = receiver.deliveries
    const headers = delivery?.headers as Record<string, string>
    expect(headers).toMatchObject({
      'webhook-id': 'evt_anp:1_1',
      'content-type': 'application/cloudevents+json',
      'user-agent': 'Dateline',
    })
    const verified = new Webhook(secret).verify(delivery?.text ?? '', headers)
    expect(verified).toMatchObject({ subject: 'anp:1', data: { headlines: [{ value: 'Oekraïne – “één” 🗞' }] } })
    expect(() => new Webhook(secret).verify(`${delivery?.text} `, headers)).toThrow()
    const other = `whsec_${Buffer.from('another secret, 24 bytes').toString('base64')}`
    expect(() => new Webhook(other).verify(delivery?.text ?? '', headers)).toThrow()
  })

  it('has the same id at every attempt, and a signature of its own time', async () => {
    await send({}, 1_000_000_000)
    await send({}, 1_000_060_000)
    const [first, second] = receiver.deliveries.map(({ headers }) => headers)
    expect(first?.['webhook-id']).toBe(second?.['webhook-id'])
    expect([first?.['webhook-timestamp'], second?.['webhook-timestamp']]).toEqual(['1000000', '1000060'])
    expect(first?.['webhook-signature']).not.toBe(second?.['webhook-signature'])
  })

  it('goes unsigned where the subscription has no secret', async () => {
    const { secret: _secret, ...unsigned } = subscription()
    expect(await sender.send(unsigned, event(), Date.now())).toMatchObject({ kind: 'delivered' })
    expect(receiver.deliveries[0]?.headers['webhook-signature']).toBeUndefined()
  })

  it('counts as delivered by its status, though the answer never ends', async () => {
    receiver.answer = () => (response) => void response.writeHead(202).write('and so on')
    expect(await send()).toEqual({ kind: 'delivered', status: 202 })
  })
})

describe('an answer', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [302, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [408, 'unreachable'],
    [410, 'gone'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ] as const)('%i means %s', async (status, kind) => {
    receiver.answer = () => status
    expect((await send()).kind).toBe(kind)
  })

  it.each([
    [429, '7', 7_000],
    [503, '120', 120_000],
    [429, new Date(1_700_000_060_000).toUTCString(), 60_000],
    [429, '', 30_000],
    [429, '0', 1_000],
    [429, '999999', 3_600_000],
    [429, 'soon', 30_000],
  ])('%i with Retry-After %j waits %i ms', async (status, retryAfter, retryAfterMs) => {
    receiver.answer = () => [status, retryAfter === '' ? {} : { 'retry-after': retryAfter }]
    expect(await send({}, 1_700_000_000_000)).toEqual({ kind: 'busy', retryAfterMs })
  })

  it('that sends elsewhere is not followed', async () => {
    const elsewhere = await startReceiver()
    receiver.answer = () => [307, { location: elsewhere.url }]
    expect(await send()).toEqual({ kind: 'refused', status: 307 })
    expect(elsewhere.deliveries).toEqual([])
    await elsewhere.close()
  })

  it('that does not come in time: unreachable', async () => {
    receiver.answer = () => 'hang'
    const started = performance.now()
    expect(await send({ timeoutMs: 200 })).toEqual({ kind: 'unreachable', why: 'no answer within 200 ms' })
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  it('that cannot come: unreachable, with the code', async () => {
    await receiver.close()
    expect(await send()).toMatchObject({ kind: 'unreachable', why: expect.stringContaining('ECONNREFUSED') })
  })
})

describe('where a webhook may go', () => {
  it('is not this machine or a private network, however it is written', async () => {
    const { port } = new URL(receiver.url)
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433', '0.0.0.0'])
      expect(await send({ allowPrivate: false, url: `http://${host}:${port}/hook` })).toMatchObject({
        kind: 'forbidden',
      })
    expect(receiver.deliveries).toEqual([])
  })

  it('is no other scheme than http and https', async () => {
    expect(await send({ url: 'file:///etc/passwd' })).toMatchObject({ kind: 'forbidden' })
  })

  it('is what the name resolved to when it was looked at, whatever the name server says afterwards', async () => {
    const { port } = new URL(receiver.url)
    const asked: string[] = []
    sender = createSender(async (host) => {
      asked.push(host)
      return ['127.0.0.1']
    })
    const url = `http://receiver.example:${port}/hook`
    expect(await send({ url })).toEqual({ kind: 'delivered', status: 200 })
    expect(receiver.deliveries[0]?.headers.host).toBe(`receiver.example:${port}`)
    expect(asked).toEqual(['receiver.example'])
    expect(await send({ url, allowPrivate: false })).toMatchObject({ kind: 'forbidden' })
    expect(receiver.deliveries).toHaveLength(1)
  })

  it('leaves out the private ones of several addresses', async () => {
    const both = async (): Promise<string[]> => ['10.0.0.1', '203.0.113.1', '::1']
    const url = new URL('http://both.example/')
    expect(await addressesOf(url, false, both)).toEqual(['203.0.113.1'])
    expect(await addressesOf(url, true, both)).toEqual(['10.0.0.1', '203.0.113.1', '::1'])
  })

  it('is unreachable when the name does not resolve', async () => {
    sender = createSender(async () => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' })
    })
    expect(await send({ url: 'http://gone.example/' })).toEqual({
      kind: 'unreachable',
      why: 'the name gone.example does not resolve (ENOTFOUND)',
    })
  })

  it.each([
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['8.8.8.8', false],
    ['::1', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['64:ff9b::a00:1', true],
    ['2002:a00:1::', true],
    ['2606:4700:4700::1111', false],
    ['nonsense', true],
  ])('%s is private: %s', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate)
  })
})
