export { ignore, type Outcome, pass, reject, type Step } from './outcome.ts'
export { decodeParsedRecord, encodeParsedRecord } from './parsed-record.ts'
export { comparePositions, formatPosition, itemPosition, type Position, parsePosition } from './position.ts'
export type * from './story.ts'
