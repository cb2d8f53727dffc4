export { publisher } from './publisher.ts'
export { type PublisherOptions, publisherWorker } from './publisher-worker.ts'
