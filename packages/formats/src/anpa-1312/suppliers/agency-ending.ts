import type { Concept } from '@dateline/story'

/** How an agency ends its text. */
export interface AgencyEnding {
  readonly credit: Concept
  /** The last line; a first group is what it says to editors. */
  readonly lastLine: RegExp
}
