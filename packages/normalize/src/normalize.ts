import { type EnrichContext, enrich } from '@dateline/enrich'
import { formats, type WireFormat } from '@dateline/formats'
import type { Outcome, Story } from '@dateline/story'
import { inOrder } from './in-order.ts'
import { enrichStory, ignoreTests, makeItem, refuseNameless, renderDocument } from './item-steps.ts'
import { decodeText, detectFormat, type Part, parseItems, unpackParts, withinSize } from './message-steps.ts'
import type { NormalizedItem, NormalizedMessage, WireMessage } from './wire-message.ts'

export interface NormalizerParts {
  /** In the order in which they are asked. */
  readonly formats: readonly WireFormat[]
  readonly enrich: (story: Story, context: EnrichContext) => Story
}

/** Of one message, over all that is packed in it. */
const mostItems = 10_000

/** A normalizer with parts of its own; `normalize` has the usual ones. */
export function createNormalizer({ formats, enrich }: NormalizerParts): (wire: WireMessage) => NormalizedMessage {
  const openMessage = inOrder(withinSize, unpackParts(formats))
  const readPart = inOrder(decodeText, detectFormat(formats), parseItems)
  const readItem = inOrder(ignoreTests, refuseNameless, enrichStory(enrich), renderDocument, makeItem)

  /** `first`: the number of its first item in the whole message. */
  function itemsOf(part: Outcome<Part>, first: number): NormalizedItem[] {
    if (part.kind !== 'pass') return [{ ...part, step: unpackParts.name }]
    if (first >= mostItems)
      return [{ kind: 'reject', reason: 'too-complex', detail: `more than ${mostItems} items`, step: unpackParts.name }]
    const read = readPart(part.value)
    if (read.kind !== 'pass') return [read]
    const { items, ...from } = read.value
    return items.map((parsed, index): NormalizedItem => {
      if (parsed.kind !== 'pass') return { ...parsed, step: parseItems.name }
      const made = readItem({ from, index: first + index, parsed: parsed.value, story: parsed.value.story })
      return made.kind === 'pass' ? { kind: 'item', ...made.value } : made
    })
  }

  return function normalize(wire) {
    const opened = openMessage(wire)
    if (opened.kind !== 'pass') return { items: [opened] }
    const items: NormalizedItem[] = []
    for (const part of opened.value) for (const item of itemsOf(part, items.length)) items.push(item)
    return { items }
  }
}

/** Bytes to items: the same message always gives the same items and the same document bytes. Never throws. */
export const normalize = createNormalizer({ formats, enrich })
