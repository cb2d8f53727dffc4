import { readFile } from 'node:fs/promises'
import { durationMs, topicSpecs } from '@dateline/runtime'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import topics from '../../../infra/topics.json' with { type: 'json' }

interface Channel {
  readonly address: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly messages: Readonly<Record<string, { readonly $ref: string }>>
  readonly bindings: {
    readonly kafka: {
      readonly partitions?: number
      readonly topicConfiguration: {
        readonly 'cleanup.policy': readonly string[]
        readonly 'retention.ms'?: number
        readonly 'max.message.bytes': number
      }
    }
  }
}
interface AsyncApi {
  readonly asyncapi: string
  readonly channels: Readonly<Record<string, Channel>>
  readonly operations: Readonly<Record<string, { readonly channel: { readonly $ref: string } }>>
  readonly components: { readonly messages: Readonly<Record<string, unknown>> }
}

const schemas = new URL('../../../schemas/', import.meta.url)
const api = parse(await readFile(new URL('asyncapi.yaml', schemas), 'utf8')) as AsyncApi

it('has every topic of infra/topics.json with its settings, and no other', () => {
  const documented = Object.values(api.channels).map(({ address, bindings: { kafka } }) => ({
    name: address.replace('{feed}', '<feed>'),
    partitions: kafka.partitions ?? 'feed',
    cleanup: kafka.topicConfiguration['cleanup.policy'].join(),
    retentionMs: kafka.topicConfiguration['retention.ms'] ?? null,
    maxMessageBytes: kafka.topicConfiguration['max.message.bytes'],
  }))
  const listed = topics.topics.map(({ retention, ...topic }) => ({
    name: topic.name,
    partitions: topic.partitions,
    cleanup: topic.cleanup,
    retentionMs: retention === null ? null : durationMs(retention),
    maxMessageBytes: topic.maxMessageBytes,
  }))
  expect(documented.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    listed.toSorted((a, b) => a.name.localeCompare(b.name)),
  )
  // The list is what topics are made from.
  expect(topicSpecs([]).map(({ name }) => name)).toEqual(
    topics.topics.map(({ name }) => name).filter((name) => !name.includes('<feed>')),
  )
})

it('refers only to what there is', async () => {
  const refs: string[] = []
  JSON.stringify(api, (key, value: unknown) => {
    if (key === '$ref') refs.push(String(value))
    return value
  })
  for (const ref of new Set(refs)) {
    if (ref.startsWith('#/')) {
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, part) => (at as Readonly<Record<string, unknown>> | undefined)?.[part], api)
      expect(found, ref).toBeDefined()
    } else expect((await readFile(new URL(ref, schemas), 'utf8')).length, ref).toBeGreaterThan(0)
  }
  expect(api.asyncapi).toBe('3.0.0')
  const used = Object.values(api.channels).flatMap(({ messages }) => Object.values(messages).map(({ $ref }) => $ref))
  expect(new Set(used)).toEqual(
    new Set(Object.keys(api.components.messages).map((name) => `#/components/messages/${name}`)),
  )
})
