import type { KafkajsRequest } from 'kafkajs/src/network/connectionPool.js'
import protocol from 'kafkajs/src/protocol/requests/index.js'

/** A cluster as one of its brokers sees it, with the errors of single topics and partitions left in place. */
export interface Metadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[]
  /** In KRaft any broker: it passes on what the controller must do. */
  readonly controllerId: number
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number
    readonly topic: string
    readonly isInternal: boolean
    readonly partitionMetadata: readonly {
      readonly partitionErrorCode: number
      readonly partitionId: number
      readonly leader: number
    }[]
  }[]
}

const metadata = protocol.requests.Metadata.protocol({ version: 6 })

/**
 * Asks for the topics named, or for all when none is. kafkajs' own reading of the answer fails as a whole when one topic is missing
 * or one partition has no leader; here each has its own error.
 */
export function metadataRequest(topics: readonly string[]): KafkajsRequest<Metadata> {
  const { request, response } = metadata({ topics, allowAutoTopicCreation: false })
  return { request, response: { decode: (raw) => response.decode(raw), parse: (decoded: Metadata) => decoded } }
}
