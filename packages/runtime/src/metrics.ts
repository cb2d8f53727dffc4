import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Every metric there is, in one list; the help says what it means when it moves. Labels are closed lists, feeds and partitions: never ids. */
export function createMetrics() {
  const registry = new Registry()
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const histogram = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers: [registry] })
  const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    messages: counter(
      'dateline_messages_total',
      'Wire messages accepted at the door. Flat while an agency sends: look at its key and the answers.',
      ['feed', 'lane'],
    ),
    refusals: counter(
      'dateline_refusals_total',
      'Requests the door refused, by status. 413: messages too large; 503: the log is away.',
      ['feed', 'status'],
    ),
    outcomes: counter(
      'dateline_outcomes_total',
      'Final outcomes of items. Rising rejected: a supplier changed something; rising stale: it repeats old versions.',
      ['feed', 'outcome', 'reason'],
    ),
    unmapped: counter(
      'dateline_unmapped_total',
      'Items that held something a story has no place for, by its path in the message. A new path: a supplier sends something new. At most 50 paths a feed, then `other`.',
      ['feed', 'path'],
    ),
    flags: counter(
      'dateline_flags_total',
      'Items of which something was assumed or mended while reading. A jump: the supplier changed something, or a setting of the feed is wrong.',
      ['feed', 'flag'],
    ),
    batches: counter('dateline_batches_total', 'Batches worked through.', ['worker']),
    records: counter('dateline_records_total', 'Records worked through.', ['worker']),
    batchSeconds: histogram(
      'dateline_batch_seconds',
      'Time from a batch in hand to its position committed. Rises when an engine is slow.',
      ['worker'],
      seconds,
    ),
    delaySeconds: histogram(
      'dateline_delay_seconds',
      'Time from a record in the log to its batch done.',
      ['worker'],
      seconds,
    ),
    faults: counter('dateline_engine_faults_total', 'Calls an engine did not answer; each was tried again.', [
      'engine',
      'worker',
    ]),
    lag: gauge('dateline_lag_records', 'Records that a group has not done yet.', ['group', 'topic', 'partition']),
    held: gauge('dateline_lane_held', '1 while the live lane waits for the publisher.', ['worker']),
    ownershipLost: counter(
      'dateline_ownership_lost_total',
      'Partitions given up because another owner wrote, or a batch grew too old. A steady rise: two clusters share one store.',
      ['worker'],
    ),
    restores: counter('dateline_state_restores_total', 'Partitions whose state was restored from stories.state.', [
      'worker',
    ]),
    alarm: gauge('dateline_alarm', '1 while the alarm stands. Somebody should look.', ['alarm', 'feed']),
    archived: counter('dateline_archived_messages_total', 'Messages in the archive.', ['feed']),
    archivedBytes: counter('dateline_archived_bytes_total', 'Raw bytes of messages in the archive.', ['feed']),
    archiveObjects: counter(
      'dateline_archive_objects_total',
      'Objects the archiver made, or found made: created, adopted, gap.',
      ['feed', 'result'],
    ),
    archiveUpkeep: counter(
      'dateline_archive_upkeep_total',
      'What upkeep of the archive did: messages expired under a contract, objects joined, removed and indexed. Flat for a day: look at the alarm archive-upkeep and the jobs.',
      ['feed', 'what'],
    ),
    deliveries: counter(
      'dateline_deliveries_total',
      'Webhook deliveries by result: delivered, retried, given-up, superseded, disabled.',
      ['subscription', 'result'],
    ),
    releases: counter('dateline_releases_total', 'Embargo releases asked for.', ['feed']),
    rejectedHandled: counter(
      'dateline_rejected_handled_total',
      'Rejected messages an operator did something about: accepted, failed, ignored, gone, dropped. Rising failed: what was mended does not mend it.',
      ['feed', 'result'],
    ),
    replays: gauge('dateline_replays', 'Replays by state. ready: one waits for an operator to confirm it.', ['state']),
    replayMessages: counter(
      'dateline_replay_messages_total',
      'Messages or events that replays looked at. Flat while one is publishing: look at the brake.',
      ['mode', 'phase'],
    ),
    replaySent: counter('dateline_replay_sent_total', 'Items and events that replays sent on.', ['mode']),
    replayBrake: gauge(
      'dateline_replay_brake',
      'Share of the time that a replay may work: less while live takes longer beside it, 0 while live lags or the replay rests. Long at 0: live needs more publishers.',
      [],
    ),
    streams: gauge('dateline_streams', 'Readers on the event stream now.', []),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
