import { randomBytes } from 'node:crypto'
import { Refusal } from '@dateline/client'
import { readPartition } from '@dateline/runtime'
import { newsmlG2Message, ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkStories } from '../support/check-stories.ts'
import { cpuSeconds } from '../support/cpu-time.ts'
import { families } from '../support/families.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'
import { settledAudit } from '../support/settled.ts'

const megabyte = 1024 * 1024
const mostCpuSeconds = 5

const wellFormed = newsmlG2Message({ guid: 'urn:newsml:sim.example:20260120:bad' }).toString('utf8')
/** The message with something put into its text. */
const withText = (text: string): Buffer => Buffer.from(wellFormed.replace('</body.content>', `${text}</body.content>`))
const entities = Array.from({ length: 12 }, (_unused, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`)
const bomb = wellFormed.replace('?>', `?><!DOCTYPE newsMessage [<!ENTITY e0 "ha">${entities.join('')}]>`)

interface BadMessage {
  readonly name: string
  readonly feed: 'sim-xml' | 'sim-json'
  readonly bytes: Buffer
  readonly contentType?: string
  readonly reason: string
}

const badMessages: readonly BadMessage[] = [
  {
    name: 'XML that ends in the middle',
    feed: 'sim-xml',
    bytes: Buffer.from(wellFormed.slice(0, wellFormed.length / 2)),
    reason: 'malformed',
  },
  {
    name: 'text in another encoding than it says',
    feed: 'sim-xml',
    bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(wellFormed)]),
    reason: 'charset',
  },
  {
    name: 'an entity bomb',
    feed: 'sim-xml',
    bytes: Buffer.from(bomb.replace('</body.content>', '&e12;</body.content>')),
    reason: 'doctype',
  },
  {
    name: '100,000 elements in each other',
    feed: 'sim-xml',
    bytes: withText(`${'<p>'.repeat(100_000)}${'</p>'.repeat(100_000)}`),
    reason: 'too-deep',
  },
  {
    name: '7 MB of small elements',
    feed: 'sim-xml',
    bytes: withText('<p a="1">x</p>'.repeat((7 * megabyte) / 14)),
    reason: 'too-complex',
  },
  {
    name: '7 MB of references to characters, cut off',
    feed: 'sim-xml',
    bytes: Buffer.from(
      wellFormed.replace('</body.content>', '&#38;'.repeat((7 * megabyte) / 5)).split('</body>')[0] ?? '',
    ),
    reason: 'malformed',
  },
  {
    name: '7 MB of brackets',
    feed: 'sim-json',
    bytes: Buffer.from(
      ninjsMessage({ uri: 'https://sim.example/brackets' })
        .toString('utf8')
        .replace(/}$/, `,"extra":${'['.repeat(7 * megabyte)}`),
    ),
    reason: 'too-deep',
  },
  {
    name: '7 MB of no text at all',
    feed: 'sim-json',
    bytes: Buffer.concat([Buffer.from([0x00, 0xff, 0x81]), randomBytes(7 * megabyte)]),
    reason: 'charset',
  },
  {
    name: 'text of no known format',
    feed: 'sim-json',
    bytes: Buffer.from('x'.repeat(7 * megabyte)),
    reason: 'unknown-format',
  },
  {
    name: 'JSON that reaches for __proto__',
    feed: 'sim-json',
    bytes: Buffer.from(
      ninjsMessage({ uri: 'https://sim.example/proto' })
        .toString('utf8')
        .replace('{', '{"__proto__":{"isAdmin":true},'),
    ),
    reason: 'unsafe-key',
  },
  {
    name: 'JSON that ends in the middle',
    feed: 'sim-json',
    bytes: ninjsMessage({ uri: 'https://sim.example/half' }).subarray(0, 1_000),
    reason: 'malformed',
  },
  {
    name: 'a zip of garbage',
    feed: 'sim-xml',
    bytes: Buffer.concat([Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'), randomBytes(50_000)]),
    reason: 'malformed',
  },
]

describe.each(families.filter((family) => family.isAvailable))('on $name engines', (family) => {
  let running: Running
  let good = 0
  const kept: { readonly bytes: Buffer; readonly reason: string }[] = []
  const costs: { readonly name: string; readonly seconds: number }[] = []

  beforeAll(async () => {
    running = await runInstance(family)
  }, 90_000)
  afterAll(() => running?.stop(), 60_000)

  const pushGood = async (): Promise<void> => {
    good += 1
    const number = good
    expect(await running.push('sim-json', ninjsMessage({ number, uri: `https://sim.example/good/${number}` }))).toEqual(
      ['published/new'],
    )
    expect(
      await running.push(
        'sim-xml',
        Buffer.from(newsmlG2Message({ guid: `urn:newsml:sim.example:20260120:${number}` })),
      ),
    ).toEqual(['published/new'])
  }

  /** What the message costs in all processes, and that news goes on behind it. */
  const measured = async (name: string, work: () => Promise<void>): Promise<void> => {
    const used = (): number => [...running.workers.values()].reduce((sum, worker) => sum + cpuSeconds(worker.pid), 0)
    const before = used()
    await work()
    const seconds = used() - before
    costs.push({ name, seconds })
    expect(Number.isNaN(seconds) ? 0 : seconds, `${name}: CPU seconds of all processes`).toBeLessThan(mostCpuSeconds)
    await pushGood()
  }

  it.each(badMessages)('keeps the feeds going behind $name', { timeout: 60_000 }, async (bad) => {
    await measured(bad.name, async () => {
      expect(await running.push(bad.feed, bad.bytes, bad.contentType)).toEqual([`rejected/${bad.reason}`])
    })
    kept.push(bad)
  })

  it('refuses at the door what is empty or above 8 MB', { timeout: 60_000 }, async () => {
    const refusal = (bytes: Uint8Array): Promise<unknown> =>
      running
        .client()
        .push('sim-json', bytes)
        .then(
          () => null,
          (error: unknown) => (error instanceof Refusal ? error.status : error),
        )
    expect(await refusal(new Uint8Array())).toBe(400)
    await measured('ten times 10 MB at the door', async () => {
      // The answer must reach a sender that is still writing, each time.
      for (let times = 0; times < 10; times += 1) expect(await refusal(Buffer.alloc(10 * megabyte, ' '))).toBe(413)
    })
  })

  it('rejects the same when an agency writes it straight into the log', { timeout: 60_000 }, async () => {
    const straight = [
      { name: '10 MB in the log', bytes: Buffer.alloc(10 * megabyte, ' '), reason: 'too-large' },
      { name: 'nothing in the log', bytes: Buffer.alloc(0), reason: 'empty' },
    ]
    const engines = await running.installation.open()
    try {
      for (const { name, bytes, reason } of straight)
        await measured(name, async () => {
          const [appended] = await engines.log.append([{ topic: 'wire.sim-json', key: 'sim-json', value: bytes }])
          expect(appended).toMatchObject({ kind: 'appended' })
          kept.push({ bytes, reason })
          const found = await eventually(rejectedMessages, (all) => all.length >= kept.length)
          expect(found.map((message) => message.reason)).toContain(reason)
        })
    } finally {
      await engines.close()
    }
  })

  it('has kept the bytes of each with its reason and position, and every good message is published', {
    timeout: 60_000,
  }, async () => {
    const found = await eventually(rejectedMessages, (all) => all.length >= kept.length)
    expect(found).toHaveLength(kept.length)
    for (const bad of kept)
      expect(found.filter((message) => message.reason === bad.reason && message.bytes.equals(bad.bytes))).toHaveLength(
        1,
      )
    for (const message of found) expect(message.position).toMatch(/^wire\.sim-(xml|json)(\.flash)?@[^/]+\/\d+\/\d+$/)

    const engines = await running.installation.open()
    try {
      const report = await settledAudit(engines.log)
      expect(report).toMatchObject({ addsUp: true, outcomes: { published: good * 2, rejected: kept.length } })
      expect((await checkStories(engines.log)).faults).toEqual([])
    } finally {
      await engines.close()
    }
    const worst = [...costs].sort((left, right) => right.seconds - left.seconds).slice(0, 3)
    console.log(
      `${family.name}: most CPU for one message: ${worst.map(({ name, seconds }) => `${seconds.toFixed(2)} s for ${name}`).join(', ')}`,
    )
  })

  async function rejectedMessages() {
    const engines = await running.installation.open()
    try {
      const all: { readonly bytes: Buffer; readonly reason: string; readonly position: string }[] = []
      for (const { partition } of await engines.log.offsets('wire.rejected'))
        for await (const record of readPartition(engines.log, 'wire.rejected', partition)) {
          const header = record.headers.find(([name]) => name === 'dateline-rejected')?.[1].toString('utf8') ?? '{}'
          const { reason, position } = JSON.parse(header) as { reason: string; position: string }
          all.push({ bytes: record.value ?? Buffer.alloc(0), reason, position })
        }
      return all
    } finally {
      await engines.close()
    }
  }
})
