import type { Archive } from '@dateline/ports'
import { type Segment, segmentsFrom, startOf } from './chain-segments.ts'
import { listSpans, spansInForce } from './chain-spans.ts'
import { PAGE_KEYS } from './find-object.ts'
import type { Chain } from './object-key.ts'
import type { ObjectMetadata } from './object-metadata.ts'
import { askSegment } from './segment-metadata.ts'

export interface Page {
  readonly segments: readonly Segment[]
  readonly isLast: boolean
}

/**
 * A chain while one question is answered: its spans are listed once, and no object is asked twice. Throws SegmentGone when an object was
 * joined or removed since; a new look finds what took its place.
 */
export interface ChainLook {
  /** Where the segment begins that covers the offset. */
  startOf(offset: number): Promise<number>
  /** The segments that begin at the offset or later, and a span that covers it, in order. */
  segments(offset: number): AsyncGenerator<Segment>
  /** The first of them, as many as one request answers with. */
  page(offset: number): Promise<Page>
  /** What a segment says of itself, kept for the next time it is asked; null where that cannot be read. */
  ask(segment: Segment): Promise<ObjectMetadata | null>
  /** The same for the last time: what was not kept is not kept. */
  askLast(segment: Segment): Promise<ObjectMetadata | null>
}

export async function lookAt(archive: Archive, chain: Chain, pageKeys = PAGE_KEYS): Promise<ChainLook> {
  const spans = spansInForce(await listSpans(archive, chain))
  const pages = new Map<number, Page>()
  const answers = new Map<string, ObjectMetadata | null>()

  const segments = (from: number): AsyncGenerator<Segment> => segmentsFrom(archive, chain, { spans, from })

  return {
    startOf: (offset) => startOf(archive, chain, { spans, offset }),
    segments,

    async page(offset) {
      const page = pages.get(offset) ?? (await pageAt(offset))
      pages.set(offset, page)
      return page
    },

    async ask(segment) {
      const answer = await answerOf(segment)
      answers.set(segment.key, answer)
      return answer
    },

    askLast: answerOf,
  }

  async function pageAt(offset: number): Promise<Page> {
    const found: Segment[] = []
    for await (const segment of segments(offset)) {
      found.push(segment)
      if (found.length === pageKeys) return { segments: found, isLast: false }
    }
    return { segments: found, isLast: true }
  }

  async function answerOf({ key }: Segment): Promise<ObjectMetadata | null> {
    const known = answers.get(key)
    if (known !== undefined) return known
    return askSegment(archive, key)
  }
}
