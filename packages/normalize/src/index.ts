export { type ExplainedItem, type ExplainedPart, type Explanation, explainMessage } from './explain-message.ts'
export { createNormalizer, type NormalizerParts, normalize } from './normalize.ts'
export type * from './wire-message.ts'
