import { type EnrichContext, enrich } from '@dateline/enrich'
import { formats, type WireFormat } from '@dateline/formats'
import type { Story } from '@dateline/story'
import { inOrder } from './in-order.ts'
import { enrichStory, ignoreTests, makeItem, refuseNameless, renderDocument } from './item-steps.ts'
import { decodeText, detectFormat, parseItems, withinSize } from './message-steps.ts'
import type { NormalizedItem, NormalizedMessage, WireMessage } from './wire-message.ts'

export interface NormalizerParts {
  /** In the order in which they are asked. */
  readonly formats: readonly WireFormat[]
  readonly enrich: (story: Story, context: EnrichContext) => Story
}

/** A normalizer with parts of its own; `normalize` has the usual ones. */
export function createNormalizer({ formats, enrich }: NormalizerParts): (wire: WireMessage) => NormalizedMessage {
  const readMessage = inOrder(withinSize, decodeText, detectFormat(formats), parseItems)
  const readItem = inOrder(ignoreTests, refuseNameless, enrichStory(enrich), renderDocument, makeItem)

  return function normalize(wire) {
    const read = readMessage(wire)
    if (read.kind !== 'pass') return { items: [read] }
    const { items, ...from } = read.value
    return {
      items: items.map((parsed, index): NormalizedItem => {
        if (parsed.kind !== 'pass') return { ...parsed, step: parseItems.name }
        const made = readItem({ from, index, parsed: parsed.value, story: parsed.value.story })
        return made.kind === 'pass' ? { kind: 'item', ...made.value } : made
      }),
    }
  }
}

/** Bytes to items: the same message always gives the same items and the same document bytes. Never throws. */
export const normalize = createNormalizer({ formats, enrich })
