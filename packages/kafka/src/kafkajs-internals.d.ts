// What this package uses of kafkajs 2.2.4 below its public interface: connections, authentication and the protocol's requests.
// kafkajs ships no types for these files. The version is pinned; the contract suite on a real broker tells when they change.

declare module 'kafkajs/src/loggers/index.js' {
  export interface KafkajsLogger {
    namespace(name: string): KafkajsLogger
  }
  export interface KafkajsLogEntry {
    readonly namespace: string
    readonly level: number
    readonly log: { readonly message: string; readonly [field: string]: unknown }
  }
  const loggers: {
    createLogger(options: { level: number; logCreator: () => (entry: KafkajsLogEntry) => void }): KafkajsLogger
  }
  export default loggers
}

declare module 'kafkajs/src/network/socketFactory.js' {
  export default function socketFactory(): unknown
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net'
  import type { KafkajsLogger } from 'kafkajs/src/loggers/index.js'

  export interface KafkajsConnection {
    readonly socket?: Socket
    readonly requestQueue: { rejectAll(error: Error): void; destroy(): void }
    connectionStatus: string
    isConnected(): boolean
    connect(): Promise<unknown>
  }

  /** A request and how its answer is read; `decode` and `parse` may answer at once. */
  export interface KafkajsRequest<T> {
    readonly request: {
      readonly apiKey: number
      readonly apiVersion: number
      readonly apiName: string
      encode(): unknown
    }
    readonly response: { decode(raw: Buffer): unknown; parse(decoded: never): T | Promise<T> }
    readonly requestTimeout?: number
    readonly logResponseError?: boolean
  }

  export interface ConnectionPoolOptions {
    host: string
    port: number
    rack: string | null
    ssl: unknown
    sasl: unknown
    clientId: string
    socketFactory: unknown
    connectionTimeout: number
    requestTimeout: number
    enforceRequestTimeout: boolean
    maxInFlightRequests: number | null
    instrumentationEmitter: null
    logger: KafkajsLogger
    reauthenticationThreshold: number
  }

  export default class ConnectionPool {
    constructor(options: ConnectionPoolOptions)
    readonly pool: readonly KafkajsConnection[]
    send<T>(request: KafkajsRequest<T>): Promise<T>
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { KafkajsLogger } from 'kafkajs/src/loggers/index.js'
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js'

  export interface PartitionOffsetText {
    readonly partition: number
    readonly offset: string
  }
  export interface TopicOffsetTexts {
    readonly topic: string
    readonly partitions: readonly PartitionOffsetText[]
  }
  export interface JoinedGroup {
    readonly generationId: number
    readonly leaderId: string
    readonly memberId: string
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[]
  }

  export default class Broker {
    constructor(options: {
      connectionPool: ConnectionPool
      logger: KafkajsLogger
      nodeId: number | null
      authenticationTimeout: number
      allowAutoTopicCreation: boolean
    })
    connect(): Promise<void>
    initProducerId(request: { transactionTimeout: number }): Promise<{ producerId: string; producerEpoch: number }>
    findGroupCoordinator(request: { groupId: string; coordinatorType: number }): Promise<{
      coordinator: { nodeId: number; host: string; port: number }
    }>
    joinGroup(request: {
      groupId: string
      sessionTimeout: number
      rebalanceTimeout: number
      memberId: string
      groupProtocols: readonly { name: string; metadata: Buffer }[]
    }): Promise<JoinedGroup>
    syncGroup(request: {
      groupId: string
      generationId: number
      memberId: string
      groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[]
    }): Promise<{ memberAssignment: Buffer }>
    heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
    leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
    offsetCommit(request: {
      groupId: string
      groupGenerationId: number
      memberId: string
      topics: readonly { topic: string; partitions: readonly { partition: number; offset: number }[] }[]
    }): Promise<unknown>
    offsetFetch(request: {
      groupId: string
      topics: readonly { topic: string; partitions: readonly { partition: number }[] }[]
    }): Promise<{ responses: readonly TopicOffsetTexts[] }>
    listOffsets(request: {
      isolationLevel: number
      topics: readonly { topic: string; partitions: readonly { partition: number; timestamp: number }[] }[]
    }): Promise<{ responses: readonly TopicOffsetTexts[] }>
    createTopics(request: {
      topics: readonly {
        topic: string
        numPartitions: number
        replicationFactor: number
        configEntries: readonly { name: string; value: string }[]
      }[]
      timeout: number
    }): Promise<unknown>
    deleteTopics(request: { topics: readonly string[]; timeout: number }): Promise<unknown>
    describeConfigs(request: {
      resources: readonly { type: number; name: string; configNames: readonly string[] }[]
    }): Promise<{
      resources: readonly {
        readonly resourceName: string
        readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[]
      }[]
    }>
  }
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  import type { KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'

  const all: {
    readonly requests: {
      readonly Metadata: {
        protocol(version: {
          version: number
        }): (request: { topics: readonly string[]; allowAutoTopicCreation: boolean }) => KafkajsRequest<unknown>
      }
      readonly Fetch: {
        protocol(version: { version: number }): (request: {
          isolationLevel: number
          maxWaitTime: number
          minBytes: number
          maxBytes: number
          topics: readonly {
            topic: string
            partitions: readonly { partition: number; fetchOffset: number; maxBytes: number }[]
          }[]
          rackId: string
        }) => KafkajsRequest<unknown>
      }
    }
  }
  export default all
}
