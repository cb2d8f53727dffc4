import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { archiveContract, eventLogContract, jobQueueContract, stateStoreContract } from '@dateline/ports/contracts'
import { afterAll, beforeAll } from 'vitest'
import { openDirectoryArchive, openSqliteEventLog, openSqliteJobQueue, openSqliteStateStore } from './index.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dateline-embedded-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

eventLogContract('embedded', { open: () => openSqliteEventLog({ dir }), sessionTimeoutMs: 1_500 })
stateStoreContract('embedded', { open: () => openSqliteStateStore({ dir }) })
jobQueueContract('embedded', { open: () => openSqliteJobQueue({ dir }) })
archiveContract('embedded', { open: () => openDirectoryArchive({ dir: join(dir, 'archive') }) })
