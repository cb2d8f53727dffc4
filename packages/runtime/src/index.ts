export { type AlarmName, type Alarms, createAlarms } from './alarms.ts'
export { consumeFeeds, type FeedConsumption } from './consume-feeds.ts'
export { durationMs } from './duration.ts'
export { type Feed, type Feeds, feedFrom, feedOfTopic, isFeedName, openFeeds } from './feeds.ts'
export { probe, serveHealth } from './health-server.ts'
export { createLagGate, type LagGate } from './lag-gate.ts'
export { createLogger, type Logger, silentLogger } from './logger.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { offsetAt } from './offset-at.ts'
export { patiently } from './patiently.ts'
export { createPulse, type Pulse } from './pulse.ts'
export { readPartition } from './read-partition.ts'
export { createRejectWatch, type RejectWatch } from './reject-watch.ts'
export { runServices } from './run-services.ts'
export { runStateful } from './run-stateful.ts'
export { runStateless } from './run-stateless.ts'
export { failure, type Service, type ServiceContext } from './service.ts'
export { readSettings, type Settings, type SettingsResult } from './settings.ts'
export { restorePartition } from './take-over.ts'
export { tellFault } from './tell.ts'
export {
  applyTopics,
  checkTopics,
  flashTopic,
  logIdOf,
  receiptPartitions,
  storyPartitions,
  topicSpecs,
  wireTopic,
} from './topics.ts'
export type * from './worker.ts'
