// Generated from schemas/ by generate.ts. Do not edit.
import type * as types from './types.ts'
import type { Validator } from '../validator.ts'

export declare const validateConfig: Validator<types.Config>
export declare const validateParsedRecord: Validator<types.ParsedRecord>
export declare const validateReceiptBatch: Validator<types.ReceiptBatch>
export declare const validateRejected: Validator<types.Rejected>
export declare const validateReplaySpec: Validator<types.ReplaySpec>
export declare const validateChangelogRecord: Validator<types.ChangelogRecord>
export declare const validatePublishedStory: Validator<types.PublishedStory>
export declare const validateWireEnvelope: Validator<types.WireEnvelope>
