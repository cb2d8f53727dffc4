import { readFileSync } from 'node:fs'
import kafkajs from 'kafkajs'
import Broker from 'kafkajs/src/broker/index.js'
import loggers, { type KafkajsLogger } from 'kafkajs/src/loggers/index.js'
import ConnectionPool, { type KafkajsConnection, type KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'
import socketFactory from 'kafkajs/src/network/socketFactory.js'
import type { KafkaLog, KafkaOptions } from './kafka-options.ts'

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** The connections to one broker: the first for everything but fetches, which wait at the broker and have the second. */
export interface BrokerLink extends HostPort {
  readonly broker: Broker
  /** Sends over the connection of that kind, connecting it first. */
  send<T>(request: KafkajsRequest<T>): Promise<T>
  /** Runs a request of kafkajs' own. */
  ask<T>(request: (broker: Broker) => Promise<T>): Promise<T>
  /** Breaks both connections; whatever waits for an answer fails. */
  cut(): void
}

export type OpenLink = (at: HostPort) => BrokerLink

/** There was no connection, so nothing was sent. */
export class NotConnected extends kafkajs.KafkaJSConnectionError {}

const FETCH = 1
const CONNECT_TIMEOUT_MS = 3_000

/** How links to this cluster's brokers are made. */
export function brokerLinks(options: KafkaOptions): OpenLink {
  const logger = kafkajsLogger(options.log)
  const ssl = tlsOptions(options.ssl)
  return ({ host, port }) => {
    const pool = new ConnectionPool({
      host: host.replace(/^\[|\]$/g, ''),
      port,
      rack: null,
      ssl,
      // A copy: kafkajs keeps its authenticator in it.
      sasl: options.sasl ? { ...options.sasl } : null,
      clientId: options.clientId ?? 'dateline',
      socketFactory: socketFactory(),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: options.requestTimeoutMs ?? 15_000,
      enforceRequestTimeout: true,
      maxInFlightRequests: null,
      instrumentationEmitter: null,
      logger,
      reauthenticationThreshold: 10_000,
    })
    const broker = new Broker({
      connectionPool: pool,
      logger,
      nodeId: null,
      authenticationTimeout: 10_000,
      allowAutoTopicCreation: false,
    })
    return linkOver(pool, broker, { host, port })
  }
}

function linkOver(pool: ConnectionPool, broker: Broker, at: HostPort): BrokerLink {
  let isCut = false
  let opening: Promise<void> | null = null
  const connecting = new Map<KafkajsConnection, Promise<unknown>>()
  return {
    ...at,
    broker,
    async send(request) {
      await connect(request.request.apiKey === FETCH ? 1 : 0)
      return pool.send(request)
    },
    async ask(request) {
      await connect(0)
      return request(broker)
    },
    cut() {
      isCut = true
      for (const connection of pool.pool) {
        connection.connectionStatus = 'disconnected'
        connection.requestQueue.destroy()
        connection.requestQueue.rejectAll(new kafkajs.KafkaJSConnectionError('The connection was closed'))
        connection.socket?.destroy()
      }
    },
  }

  /** kafkajs opens a second socket when two requests find a connection closed: each connection is opened by one of them. */
  async function connect(index: 0 | 1): Promise<void> {
    try {
      await connected(index)
    } catch (error) {
      throw error instanceof kafkajs.KafkaJSConnectionError ? new NotConnected(error) : error
    }
  }

  async function connected(index: 0 | 1): Promise<void> {
    if (isCut) throw new kafkajs.KafkaJSConnectionError('The connection was closed')
    opening ??= broker.connect()
    await opening
    const connection = pool.pool[index]
    if (connection === undefined || connection.isConnected()) return
    let attempt = connecting.get(connection)
    if (attempt === undefined) {
      attempt = connection.connect().finally(() => connecting.delete(connection))
      connecting.set(connection, attempt)
    }
    await attempt
    if (!isCut) return
    connection.socket?.destroy()
    throw new kafkajs.KafkaJSConnectionError('The connection was closed')
  }
}

/** kafkajs tells every lost connection as an error; here a lost connection is answered, so it is worth a debug line. */
function kafkajsLogger(log: KafkaLog | undefined): KafkajsLogger {
  return loggers.createLogger({
    level: log ? kafkajs.logLevel.WARN : kafkajs.logLevel.NOTHING,
    logCreator: () => (entry) => {
      const { message, ...fields } = entry.log
      log?.('debug', `kafkajs: ${message}`, { ...fields, namespace: entry.namespace })
    },
  })
}

function tlsOptions(ssl: KafkaOptions['ssl']): unknown {
  if (ssl === undefined || ssl === false) return null
  if (ssl === true) return {}
  return {
    ...(ssl.caFile === undefined ? {} : { ca: readFileSync(ssl.caFile) }),
    ...(ssl.certFile === undefined ? {} : { cert: readFileSync(ssl.certFile) }),
    ...(ssl.keyFile === undefined ? {} : { key: readFileSync(ssl.keyFile) }),
  }
}
