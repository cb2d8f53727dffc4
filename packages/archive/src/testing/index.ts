export { allOf } from './all-of.ts'
export { type MemoryArchive, memoryArchive, type PutFault } from './memory-archive.ts'
export { chain, message } from './records.ts'
