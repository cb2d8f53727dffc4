export type KafkaLogLevel = 'error' | 'warn' | 'info' | 'debug'

export type KafkaLog = (level: KafkaLogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void

/** Files with PEM, read once when the log is opened. */
export interface KafkaTls {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

export interface KafkaOptions {
  /** `host:port`, at least one; the others are learnt from it. */
  readonly brokers: readonly string[]
  /** `dateline` unless said; brokers show it in their logs and quotas. */
  readonly clientId?: string
  /** true: TLS with the system's authorities. */
  readonly ssl?: boolean | KafkaTls
  readonly sasl?: KafkaSasl
  readonly log?: KafkaLog
  /** How long one request may take; 15,000 ms unless said. An append is tried again for twice that before it fails. */
  readonly requestTimeoutMs?: number
  /** Copies of each partition of a topic that `createTopic` makes; three, or as many as there are brokers, unless said. */
  readonly replicationFactor?: number
}
