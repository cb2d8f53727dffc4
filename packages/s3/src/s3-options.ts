export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface S3Options {
  readonly bucket: string
  /** Segments in front of every key, without slashes at the ends; empty: none. */
  readonly prefix: string
  /** `us-east-1` unless said. */
  readonly region?: string
  /** `http://host:port` of another server than Amazon's. */
  readonly endpoint?: string
  /** The bucket in the path instead of the host name: what most other servers need. */
  readonly forcePathStyle?: boolean
  /** Absent: what the SDK finds by itself (role of the machine, its own files and variables). */
  readonly credentials?: S3Credentials
  /** WHEN_REQUIRED for servers that refuse the SDK's CRC headers; WHEN_SUPPORTED unless said. */
  readonly checksums?: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED'
  /** Tries per call, the first included; 3 unless said. */
  readonly maxAttempts?: number
  /** 2,000 ms unless said. */
  readonly connectTimeoutMs?: number
  /** How long the answer to one try may take; 10,000 ms unless said. */
  readonly requestTimeoutMs?: number
  /**
   * What opening does when the server does not answer: `throw` a TransientFault, or `open` all the same and prove the bucket before the
   * first put. `throw` unless said.
   */
  readonly whenAway?: 'throw' | 'open'
}
