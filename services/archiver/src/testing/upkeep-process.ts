/** A round of upkeep in a process of its own that ends as by kill -9: node upkeep-process.ts '{"dir":…,"nowMs":…,"dieAt":7}' */
import { openDirectoryArchive } from '@dateline/embedded'
import { keepArchive } from '../keep-archive.ts'

export interface UpkeepOrder {
  readonly dir: string
  readonly nowMs: number
  /** Before which call that changes something. */
  readonly dieAt: number
}

const { dir, nowMs, dieAt } = JSON.parse(process.argv[2] ?? '') as UpkeepOrder
const inner = await openDirectoryArchive({ dir })
let calls = 0
const count = (): void => {
  calls += 1
  if (calls === dieAt) process.kill(process.pid, 'SIGKILL')
}
const archive = {
  ...inner,
  put: (...given: Parameters<typeof inner.put>) => {
    count()
    return inner.put(...given)
  },
  remove: (key: string) => {
    count()
    return inner.remove(key)
  },
}
const storiesIn = () => [{ item: 0, storyKey: 'anp:1' }]
const retentionOf = () => ({ ms: 4 * 86_400_000, reason: 'kept for 4 days' })
for await (const kept of keepArchive(archive, { nowMs, writer: 'u', retentionOf, joinAfterMs: 86_400_000, storiesIn }))
  process.stdout.write(`${JSON.stringify(kept)}\n`)
