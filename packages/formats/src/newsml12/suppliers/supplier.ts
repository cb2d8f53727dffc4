import type { XmlElement } from '../../xml/xml-tree.ts'
import type { Reading } from '../reading.ts'

/** What one supplier does otherwise than the standard. */
export interface Supplier {
  readonly name: string
  /** Of its ProviderIds, in lower case. */
  readonly provider: RegExp
  /** IANA zone of its times where neither they nor the feed's settings name one. */
  readonly timezone?: string
  /** Of the texts that one item of it may hold side by side, BCP 47. */
  readonly languages?: readonly string[]
  /** Sets id and version, before anything else is read. */
  identify?(item: XmlElement, reading: Reading): void
  /** Mends the story, once all is read. */
  correct?(item: XmlElement, reading: Reading): void
}
