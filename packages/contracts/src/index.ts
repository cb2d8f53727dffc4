export type * from './generated/types.ts'
export * from './generated/validators.js'
export { faultOf, type Validator } from './validator.ts'
