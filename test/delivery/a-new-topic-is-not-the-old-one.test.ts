import { archivedMessages, verifyArchive } from '@dateline/archive'
import { applyTopics, openFeeds } from '@dateline/runtime'
import { ninjsMessage } from '@dateline/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { families } from '../support/families.ts'
import { eventually, type Running, runInstance } from '../support/running.ts'

const topic = 'wire.sim-json'
const messages = 12

describe.each(families.filter((family) => family.isAvailable))('on $name engines', (family) => {
  let running: Running
  beforeAll(async () => {
    running = await runInstance(family)
  }, 90_000)
  afterAll(() => running?.stop(), 60_000)

  const pushAll = async (text: string): Promise<void> => {
    for (let number = 0; number < messages; number += 1)
      expect(
        await running.push('sim-json', ninjsMessage({ uri: `https://sim.example/${text}/${number}`, headline: text })),
      ).toEqual(['published/new'])
  }

  it('a wire topic that was made anew has a chain of its own in the archive, and the old chain stays whole', {
    timeout: 180_000,
  }, async () => {
    const engines = await running.installation.open()
    const { log, archive } = engines
    const idOf = async (): Promise<string | null | undefined> => (await log.topics([topic]))[0]?.logId
    const archived = (count: number) =>
      eventually(
        () => verifyArchive(archive, { topic }),
        (report) => report.messages >= count,
        60_000,
      )
    try {
      await pushAll('before')
      expect(await archived(messages)).toMatchObject({ isWhole: true, messages })
      const old = await idOf()

      const names = [...running.workers.keys()]
      await Promise.all(names.map((name) => running.kill(name, 'SIGTERM')))
      await log.deleteTopic(topic)
      await applyTopics(log, (await openFeeds(running.installation.settings, log)).all())
      expect(await idOf()).not.toBe(old)
      await Promise.all(names.map((name) => running.start(name)))

      await pushAll('after')
      const report = await archived(messages * 2)
      expect(report).toMatchObject({ isWhole: true, messages: messages * 2 })
      const ids = new Set(report.partitions.map((partition) => partition.logId))
      expect(ids).toEqual(new Set([old, await idOf()]))
      for (const chain of report.partitions)
        for await (const record of archivedMessages(archive, chain))
          expect(record.value?.toString('utf8')).toContain(`/${chain.logId === old ? 'before' : 'after'}/`)
      expect(await verifyArchive(archive, { topic, log })).toMatchObject({ isWhole: true })
    } finally {
      await engines.close()
    }
  })
})
