import { verifyArchive } from '@dateline/archive'
import { audit } from '@dateline/cli'
import type { Engines, EventLog } from '@dateline/ports'
import { eventually } from './running.ts'

/** The audit as soon as it adds up; after the limit as it is then. */
export const settledAudit = (log: EventLog, limitMs = 60_000) =>
  eventually(
    () => audit(log),
    ({ addsUp }) => addsUp,
    limitMs,
  )

/** The proof of the archive as soon as it has so many messages; after a minute as it is then. */
export const settledArchive = ({ archive, log }: Pick<Engines, 'archive' | 'log'>, messages: number) =>
  eventually(
    () => verifyArchive(archive, { log }),
    (found) => found.messages >= messages,
    60_000,
  )
