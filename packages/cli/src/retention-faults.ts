import type { TopicSpec } from '@dateline/ports'
import { durationMs, type Settings } from '@dateline/runtime'

/** Agencies' contracts limit keeping: a topic with text must not be kept longer than the shortest supplier's `retention`. */
export function retentionFaults(settings: Settings, specs: readonly TopicSpec[]): string[] {
  const limits = Object.entries(settings.suppliers).flatMap(([name, supplier]) =>
    supplier.retention === undefined ? [] : [{ name, text: supplier.retention, ms: durationMs(supplier.retention) }],
  )
  const shortest = limits.sort((a, b) => a.ms - b.ms)[0]
  if (shortest === undefined) return []
  return specs
    .filter((spec) => holdsText(spec.name) && spec.retentionMs !== null && spec.retentionMs > shortest.ms)
    .map(
      (spec) =>
        `The topic ${spec.name} is kept longer than the supplier ${shortest.name} allows (retention: ${shortest.text}): shorten it in infra/topics.json.`,
    )
}

const holdsText = (topic: string): boolean =>
  topic !== 'wire.receipts' && topic !== 'stories.state' && topic !== 'stories.deliveries'
