import { describe, expect, test } from 'vitest'
import { parseKafkaUrl } from './index.ts'

describe('reads', () => {
  test.each([
    ['kafka://h1:9092,h2:9093', { brokers: ['h1:9092', 'h2:9093'] }],
    ['kafka://kafka.example', { brokers: ['kafka.example:9092'] }],
    ['kafka://[::1]:19092/', { brokers: ['[::1]:19092'] }],
    [
      'kafka://h?clientId=desk&requestTimeoutMs=5000',
      { brokers: ['h:9092'], clientId: 'desk', requestTimeoutMs: 5_000 },
    ],
    ['kafka+ssl://h:9093?replicationFactor=2', { brokers: ['h:9093'], ssl: true, replicationFactor: 2 }],
    [
      'kafka+ssl://wire:s%40cret%3A@h:9093?sasl=SCRAM-SHA-256&caFile=/etc/ca.pem',
      {
        brokers: ['h:9093'],
        ssl: { caFile: '/etc/ca.pem' },
        sasl: { mechanism: 'scram-sha-256', username: 'wire', password: 's@cret:' },
      },
    ],
    [
      'kafka://wire:secret@h',
      { brokers: ['h:9092'], sasl: { mechanism: 'scram-sha-512', username: 'wire', password: 'secret' } },
    ],
  ])('%s', (url, options) => {
    expect(parseKafkaUrl(url)).toEqual({ ok: true, options })
  })
})

describe('says what is wrong', () => {
  test.each([
    ['redis://h:1', 'not a Kafka URL'],
    ['kafka://', 'not a Kafka URL'],
    ['kafka://h1:9092,,h2', 'names a broker as ""'],
    ['kafka://h:99999', 'names a broker as "h:99999"'],
    ['kafka://h?acks=1', 'unknown parameter acks'],
    ['kafka://h?sasl=plain', 'names sasl but no user'],
    ['kafka://user@h', 'without a password'],
    ['kafka+ssl://user:hunter2@h?sasl=gssapi', 'sasl=gssapi'],
    ['kafka://user:hunter2@h?sasl=plain', 'password in clear'],
    ['kafka+ssl://user:hunter2%@h', 'percent-encoded'],
    ['kafka://h?caFile=/etc/ca.pem', 'Use kafka+ssl://'],
    ['kafka+ssl://h?certFile=/c.pem', 'both certFile and keyFile'],
    ['kafka://h?requestTimeoutMs=soon', 'requestTimeoutMs=soon'],
  ])('%s', (url, part) => {
    const parsed = parseKafkaUrl(url)
    if (parsed.ok) throw new Error('it was taken')
    expect(parsed.problem).toContain(part)
    expect(parsed.problem).not.toContain('hunter2')
  })
})
