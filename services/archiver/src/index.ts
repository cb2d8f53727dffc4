export { archiver } from './archiver.ts'
export { type ArchivedObject, listArchive, readArchived } from './read-archive.ts'
export { type VerifiedPartition, type VerifyReport, verifyArchive } from './verify-archive.ts'
