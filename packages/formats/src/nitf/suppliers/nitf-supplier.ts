import type { NitfBody, NitfJudge } from '../../body/nitf-body.ts'
import type { Reading } from '../reading.ts'

/** What one supplier does otherwise than the standard. */
export interface NitfSupplier {
  readonly name: string
  /** By marks in the head that only it sets. */
  recognises(reading: Reading): boolean
  /** The id of the story, the same for all its versions; undefined: that of the doc-id. */
  identify?(reading: Reading): string | undefined
  /** The id of the story in a doc-id, its own or one that it refers to. */
  storyIdIn?(docId: string): string
  readonly judge?: NitfJudge
  /** After the body is read. */
  correct?(reading: Reading, body: NitfBody): void
}
