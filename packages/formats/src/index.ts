export { formats } from './formats.ts'
export type * from './wire-format.ts'
