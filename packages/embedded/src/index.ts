export { openDirectoryArchive } from './archive/directory-archive.ts'
export { type EmbeddedOptions, openEmbedded } from './open-embedded.ts'
export { openSqliteEventLog, openSqliteJobQueue, openSqliteStateStore, type SingleOptions } from './open-single.ts'
export { makeFolder } from './store/make-folder.ts'
