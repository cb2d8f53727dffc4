export interface RedisOptions {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls: boolean
  /** In front of every key: `[A-Za-z0-9._-]`, so that two installations may share an instance. */
  readonly prefix: string
  /** 2,000 ms unless said. */
  readonly connectTimeoutMs?: number
  /** How long the answer to one command may take; 5,000 ms unless said. */
  readonly commandTimeoutMs?: number
}
