export interface ArchiveObject {
  readonly key: string
  readonly size: number
}

/**
 * S3, or a directory. Keys are segments of `[A-Za-z0-9._=-]`, each under 255 bytes, joined by single slashes; no key is another's folder.
 * Every call throws TransientFault when the engine is away.
 */
export interface Archive {
  /** Create-only: of any number of writers one gets `created`; the object is whole or absent, also after a crash. */
  put(key: string, bytes: Uint8Array, metadata?: Readonly<Record<string, string>>): Promise<'created' | 'exists'>
  /** The object's bytes, or `length` bytes from `start` on; null when there is no such object. */
  get(key: string, range?: { readonly start: number; readonly length: number }): Promise<Buffer | null>
  head(key: string): Promise<{ readonly size: number; readonly metadata: Readonly<Record<string, string>> } | null>
  /** Every object under the prefix in byte order of keys, complete, starting behind `after`. */
  list(prefix: string, after?: string): AsyncIterable<ArchiveObject>
  /** Removes an object; no error when it is not there. */
  remove(key: string): Promise<void>
  close(): Promise<void>
}
