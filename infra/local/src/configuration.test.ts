import { describe, expect, it } from 'vitest'
import { kafkaProperties } from './kafka-config.ts'
import { javaMajor } from './kafka-programs.ts'
import { redisArguments } from './redis.ts'
import { s3Arguments } from './s3.ts'
import { resolveSettings } from './settings.ts'
import { testEnvironment } from './status.ts'

function properties(brokers: 1 | 3, nodeId: number): Record<string, string> {
  const text = kafkaProperties({ brokers, firstPort: 19092 }, nodeId, '/run/data')
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  )
}

describe('what the engines are started with', () => {
  it('keeps one broker on loopback, without copies', () => {
    expect(properties(1, 1)).toMatchObject({
      listeners: 'PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19192',
      'controller.quorum.bootstrap.servers': '127.0.0.1:19192',
      'auto.create.topics.enable': 'false',
      'message.max.bytes': '20971520',
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
      'log.dirs': '/run/data',
    })
    expect(properties(1, 1)).not.toHaveProperty('broker.session.timeout.ms')
  })

  it('gives three brokers three copies, two of them in sync, and a quick eye for loss', () => {
    expect(properties(3, 2)).toMatchObject({
      'node.id': '2',
      listeners: 'PLAINTEXT://127.0.0.1:19093,CONTROLLER://127.0.0.1:19193',
      'controller.quorum.bootstrap.servers': '127.0.0.1:19192,127.0.0.1:19193,127.0.0.1:19194',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'broker.session.timeout.ms': '4000',
    })
  })

  it('never lets Redis evict or S3 listen beyond loopback', () => {
    expect(redisArguments(16379, '/run/data').join(' ')).toContain('--maxmemory-policy noeviction')
    expect(s3Arguments(19000, '/run/s3').slice(0, 2)).toEqual(['--port', '127.0.0.1:19000'])
  })

  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_392"', 1],
    ['openjdk version "25" 2025-09-16', 25],
    ['no such thing', undefined],
  ])('reads the version in %s', (printed, major) => expect(javaMajor(printed)).toBe(major))
})

describe('settings', () => {
  it.each([
    ['the named cache', { DATELINE_ENGINES_CACHE: '/cache', XDG_CACHE_HOME: '/xdg' }, '/cache'],
    ["the user's cache folder", { XDG_CACHE_HOME: '/xdg' }, '/xdg/dateline/engines'],
  ])('caches in %s', (_case, env, cacheDir) => expect(resolveSettings({}, env).cacheDir).toBe(cacheDir))

  it('keeps the other ports when one is changed', () => {
    expect(resolveSettings({ ports: { s3: 1 } }, {}).ports).toMatchObject({ s3: 1, kafka: 19092 })
  })

  it('tells tests only of engines that were started', () => {
    const kafka = [1, 2].map((id) => ({ name: `kafka-${id}`, kind: 'kafka', port: 19091 + id, url: '' }) as const)
    const s3 = { name: 's3', kind: 's3', port: 19000, url: 'http://127.0.0.1:19000' } as const
    expect(testEnvironment([...kafka, s3])).toEqual({
      TEST_KAFKA: '127.0.0.1:19092,127.0.0.1:19093',
      TEST_S3: 'http://127.0.0.1:19000',
    })
  })
})
