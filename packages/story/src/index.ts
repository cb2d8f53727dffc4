export { type Completion, completeDocument } from './complete-document.ts'
export { type ContentIdentity, containment, contentIdentity } from './content-identity.ts'
export {
  captureOf,
  contentKeyOf,
  isInWindow,
  type KnownCapture,
  likenesses,
  readCapture,
  windowMs,
} from './decide/content-window.ts'
export { decide, isForgotten, keptForMs } from './decide/decide.ts'
export {
  type DecidedEvent,
  type Decision,
  type DecisionInput,
  nothing,
  type StoryEventKind,
  type Verdict,
} from './decide/decision.ts'
export { documentOf, type KillNotice, killDocument, toDocument } from './document.ts'
export { ignore, type Outcome, pass, reject, type Step } from './outcome.ts'
export { decodeParsedRecord, encodeParsedRecord } from './parsed-record.ts'
export { comparePositions, formatPosition, itemPosition, type Position, parsePosition } from './position.ts'
export { positionOfReceipt, receiptId } from './receipt-id.ts'
export { type ReceiptWriter, takesPlace } from './receipts.ts'
export { isSignOff } from './sign-off.ts'
export type * from './story.ts'
export { type StoryRecordInput, storyRecord } from './story-record.ts'
export { isUri, storyKeyOf, storyUri } from './story-uri.ts'
export { structuredEvent } from './structured-event.ts'
