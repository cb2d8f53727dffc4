import type { Command } from 'commander'
import { addArchiveGet } from './archive-get.ts'
import { addArchiveLs } from './archive-ls.ts'
import { addArchiveIndex, addArchiveUpkeep } from './archive-upkeep.ts'
import { addArchiveVerify } from './archive-verify.ts'

export function addArchive(program: Command): void {
  const archive = program.command('archive').description('the raw bytes, as they came')
  addArchiveLs(archive)
  addArchiveGet(archive)
  addArchiveVerify(archive)
  addArchiveIndex(archive)
  addArchiveUpkeep(archive)
}
