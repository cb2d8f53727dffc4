export { createNormalizer, type NormalizerParts, normalize } from './normalize.ts'
export type * from './wire-message.ts'
