import type { RejectedDesk, Replay } from '@dateline/replay'
import type { PhaseDraft } from './phase-draft.ts'

/**
 * Rejected messages of a replay: what `dateline rejected retry` does, at the replay's pace. Counted is what is so afterwards, so that a
 * batch that a crash repeats counts the same.
 */
export async function retryBatch(
  desk: RejectedDesk,
  replay: Pick<Replay, 'by'>,
  {
    positions,
    isPreview,
    draft,
  }: { readonly positions: readonly string[]; readonly isPreview: boolean; readonly draft: PhaseDraft },
): Promise<number> {
  const filter = { ids: positions }
  const { results } = await desk.retry(filter, { by: replay.by, isDryRun: isPreview, limit: positions.length })
  const failed = new Set(results.filter(({ result }) => result === 'failed').map(({ position }) => position))
  const gone = new Set(results.filter(({ result }) => result === 'gone').map(({ position }) => position))
  for (const { position, feed, state } of await desk.entries(filter)) {
    draft.count(feed, 'messages')
    const isAccepted = isPreview ? !failed.has(position) && state === 'open' : state === 'retried'
    if (gone.has(position)) draft.count(feed, 'unknown')
    else draft.count(feed, isAccepted ? 'accepted' : 'stillRejected')
    if (isAccepted && draft.wantsExample('accepted'))
      draft.example({ storyKey: '', feed, position, kind: 'accepted', fields: [] })
    if (isAccepted && !isPreview) draft.count(feed, 'sent')
  }
  return results.length
}
