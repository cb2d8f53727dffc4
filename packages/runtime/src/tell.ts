import type { Batch, TransientFault } from '@dateline/ports'
import { boundedLabels } from './bounded-labels.ts'
import type { ServiceContext } from './service.ts'
import type { WorkerResult } from './worker.ts'

/** What suppliers send becomes a label here, so there is an end to it. */
const pathLabel = boundedLabels(50)
const flagLabel = boundedLabels(50)

/** Counts a batch and its outcomes; writes rejects to the log, and every item where debug is on. */
export function tellResult(
  context: Pick<ServiceContext, 'metrics' | 'log' | 'rejects' | 'alarms'>,
  worker: string,
  batch: Batch,
  result: WorkerResult,
  startedMs: number,
): void {
  const { metrics, log } = context
  const totals = new Map<string, { total: number; rejected: number }>()
  metrics.batches.inc({ worker })
  metrics.records.inc({ worker }, batch.records.length)
  metrics.batchSeconds.observe({ worker }, (performance.now() - startedMs) / 1_000)
  metrics.delaySeconds.observe({ worker }, Math.max(0, Date.now() - (batch.records[0]?.timeMs ?? Date.now())) / 1_000)
  for (const entry of result.tally) {
    metrics.outcomes.inc({ feed: entry.feed, outcome: entry.outcome, reason: entry.reason })
    const total = totals.get(entry.feed) ?? { total: 0, rejected: 0 }
    totals.set(entry.feed, {
      total: total.total + 1,
      rejected: total.rejected + (entry.outcome === 'rejected' ? 1 : 0),
    })
    if (entry.outcome === 'rejected') tellReject(context, entry)
    else if (log.isDebug)
      log.debug(entry.outcome, {
        feed: entry.feed,
        reason: entry.reason,
        position: entry.position,
        storyKey: entry.storyKey,
      })
  }
  if (result.reading !== undefined) tellReading(metrics, result.reading)
  for (const [feed, { total, rejected }] of totals) context.rejects.count(feed, total, rejected)
}

function tellReading(
  metrics: ServiceContext['metrics'],
  { feed, unmapped, flags }: NonNullable<WorkerResult['reading']>,
): void {
  for (const [path, items] of unmapped) metrics.unmapped.inc({ feed, path: pathLabel(feed, path) }, items)
  for (const [flag, items] of flags) metrics.flags.inc({ feed, flag: flagLabel(feed, flag) }, items)
}

/** Two rejects are for a person at once: a kill that matched nothing, and a fault of ours. */
function tellReject(context: Pick<ServiceContext, 'log' | 'alarms'>, entry: WorkerResult['tally'][number]): void {
  const fields = { feed: entry.feed, position: entry.position, detail: entry.detail?.slice(0, 300) }
  context.log.info(`Rejected: ${entry.reason}`, fields)
  if (entry.reason === 'kill-without-id')
    context.alarms.raise(
      'kill-without-id',
      entry.feed,
      `Feed ${entry.feed}: a kill named no story. Find out which it means and recall it by hand.`,
      fields,
    )
  if (entry.reason === 'bug')
    context.alarms.raise(
      'bug',
      entry.feed,
      `Feed ${entry.feed}: a message met a bug; it lies in wire.rejected and can be retried once it is mended.`,
      fields,
    )
}

/** An engine that did not answer: counted, and said once in a while rather than at every try. */
export function tellFault(
  context: Pick<ServiceContext, 'metrics' | 'log'>,
  worker: string,
  fault: TransientFault,
): void {
  context.metrics.faults.inc({ engine: fault.engine, worker })
  const now = Date.now()
  if (now - (lastSaid.get(fault.engine) ?? 0) < 5_000) return
  lastSaid.set(fault.engine, now)
  context.log.warn(fault.message, { engine: fault.engine, worker })
}

const lastSaid = new Map<string, number>()
