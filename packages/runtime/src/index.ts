export type * from './worker.ts'
