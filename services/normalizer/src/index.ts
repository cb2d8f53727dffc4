export { normalizer } from './normalizer.ts'
export { normalizerWorker } from './normalizer-worker.ts'
