export { ignore, type Outcome, pass, reject, type Step } from './outcome.ts'
export type * from './story.ts'
