import {
  createLagGate,
  flashTopic,
  runStateless,
  type Service,
  type ServiceContext,
  storyPartitions,
  wireTopic,
} from '@dateline/runtime'
import { normalizerWorker } from './normalizer-worker.ts'

/** Two lanes of the same worker: live waits for the publisher when it lags, flash never does. */
export function normalizer(context: ServiceContext): readonly Service[] {
  const gate = createLagGate({
    log: context.engines.log,
    topic: 'stories.parsed',
    group: 'publisher',
    limit: context.settings.publisher.lagLimit,
    onHeld: (isHeld) => context.metrics.held.set({ worker: 'normalizer' }, isHeld ? 1 : 0),
  })
  const live = runStateless(context, {
    worker: normalizerWorker('live', context.feeds),
    group: 'normalizer',
    topicsOf: (feed) => [wireTopic(feed.name)],
    gate: { topic: 'stories.parsed', partitions: storyPartitions, gate },
  })
  const flash = runStateless(context, {
    worker: normalizerWorker('flash', context.feeds),
    group: 'normalizer-flash',
    topicsOf: (feed) => [flashTopic(feed.name)],
  })
  return [flash, live]
}
