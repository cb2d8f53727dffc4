import { runStateful, type Service, type ServiceContext } from '@dateline/runtime'
import { publisherWorker } from './publisher-worker.ts'

/** Decides about the stories of the partitions that it owns. */
export const publisher = (context: ServiceContext): Service =>
  runStateful(context, {
    worker: publisherWorker({ instance: context.settings.instance }),
    group: 'publisher',
    topic: 'stories.parsed',
  })
