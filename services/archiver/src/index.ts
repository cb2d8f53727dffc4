export { type ArchiverContext, archiver } from './archiver.ts'
export { type KeptChain, keepArchive } from './keep-archive.ts'
export { storiesIn } from './stories-in.ts'
export { archiveUpkeep, keepOptions } from './upkeep.ts'
