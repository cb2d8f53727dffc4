export { type ArchiverContext, archiver } from './archiver.ts'
