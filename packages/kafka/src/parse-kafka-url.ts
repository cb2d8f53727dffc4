import type { KafkaOptions, KafkaSasl, KafkaTls } from './kafka-options.ts'

export type ParsedKafkaUrl =
  | { readonly ok: true; readonly options: KafkaOptions }
  | { readonly ok: false; readonly problem: string }

const URL_SHAPE = /^(kafka|kafka\+ssl):\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/?(?:\?([^#]*))?$/
const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const
const PARAMETERS = new Set([
  'sasl',
  'clientId',
  'requestTimeoutMs',
  'replicationFactor',
  'caFile',
  'certFile',
  'keyFile',
])
const EXAMPLE = 'kafka://host:9092,host:9092 or kafka+ssl://user:password@host:9093?sasl=scram-sha-512'

/**
 * Reads `kafka://h1:9092,h2:9092` and `kafka+ssl://user:password@h1:9093?sasl=scram-sha-512&caFile=/etc/ca.pem`. User and password
 * are percent-encoded. A problem says what to write instead and never repeats the password.
 */
export function parseKafkaUrl(url: string): ParsedKafkaUrl {
  const parts = URL_SHAPE.exec(url)
  if (parts === null) return no(`This is not a Kafka URL. Write ${EXAMPLE}.`)
  const [, scheme, credentials, hosts = '', query = ''] = parts
  const isTls = scheme === 'kafka+ssl'
  const parameters = new URLSearchParams(query)

  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.has(name))
  if (unknown !== undefined)
    return no(`The Kafka URL has an unknown parameter ${unknown}. Known: ${[...PARAMETERS].join(', ')}.`)

  const brokers: string[] = []
  for (const host of hosts.split(',')) {
    const broker = readBroker(host)
    if (broker === null)
      return no(`The Kafka URL names a broker as "${host}". Write host:port, brokers separated by commas.`)
    brokers.push(broker)
  }

  const sasl = readSasl(credentials, parameters.get('sasl'), isTls)
  if (typeof sasl === 'string') return no(sasl)
  const tls = readTls(parameters, isTls)
  if (typeof tls === 'string') return no(tls)
  const requestTimeoutMs = readCount(parameters, 'requestTimeoutMs')
  if (typeof requestTimeoutMs === 'string') return no(requestTimeoutMs)
  const replicationFactor = readCount(parameters, 'replicationFactor')
  if (typeof replicationFactor === 'string') return no(replicationFactor)
  const clientId = parameters.get('clientId')

  return {
    ok: true,
    options: {
      brokers,
      ...(clientId ? { clientId } : {}),
      ...(tls === null ? {} : { ssl: tls }),
      ...(sasl === null ? {} : { sasl }),
      ...(requestTimeoutMs === null ? {} : { requestTimeoutMs }),
      ...(replicationFactor === null ? {} : { replicationFactor }),
    },
  }
}

const no = (problem: string): ParsedKafkaUrl => ({ ok: false, problem })

/** `host`, `host:port` or `[v6]:port` as `host:port`; 9092 unless said. */
function readBroker(text: string): string | null {
  const parts = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text.trim())
  if (parts === null) return null
  const port = Number(parts[2] ?? 9092)
  return port >= 1 && port <= 65_535 ? `${parts[1]}:${port}` : null
}

function readSasl(credentials: string | undefined, named: string | null, isTls: boolean): KafkaSasl | string | null {
  if (!credentials)
    return named === null ? null : 'The Kafka URL names sasl but no user. Write user:password@ before the brokers.'
  const colon = credentials.indexOf(':')
  if (colon < 1) return 'The Kafka URL has a user without a password. Write user:password@, both percent-encoded.'
  const mechanism = MECHANISMS.find((one) => one === (named ?? 'scram-sha-512').toLowerCase())
  if (mechanism === undefined) return `The Kafka URL names sasl=${named}. Known: ${MECHANISMS.join(', ')}.`
  if (mechanism === 'plain' && !isTls)
    return 'sasl=plain would send the password in clear. Use kafka+ssl://, or sasl=scram-sha-512.'
  try {
    return {
      mechanism,
      username: decodeURIComponent(credentials.slice(0, colon)),
      password: decodeURIComponent(credentials.slice(colon + 1)),
    }
  } catch {
    return 'User or password of the Kafka URL is not percent-encoded: write % as %25, @ as %40, : as %3A.'
  }
}

function readTls(parameters: URLSearchParams, isTls: boolean): true | KafkaTls | string | null {
  const caFile = parameters.get('caFile')
  const certFile = parameters.get('certFile')
  const keyFile = parameters.get('keyFile')
  const isNamed = caFile !== null || certFile !== null || keyFile !== null
  if (!isTls) return isNamed ? 'The Kafka URL names certificates but not TLS. Use kafka+ssl://.' : null
  if ((certFile === null) !== (keyFile === null)) return 'The Kafka URL needs both certFile and keyFile, or neither.'
  if (!isNamed) return true
  return {
    ...(caFile === null ? {} : { caFile }),
    ...(certFile === null ? {} : { certFile }),
    ...(keyFile === null ? {} : { keyFile }),
  }
}

function readCount(parameters: URLSearchParams, name: string): number | string | null {
  const text = parameters.get(name)
  if (text === null) return null
  const count = Number(text)
  return Number.isSafeInteger(count) && count >= 1
    ? count
    : `The Kafka URL has ${name}=${text}. Write a whole number from 1 on.`
}
