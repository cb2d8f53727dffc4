import { host } from './settings.ts'

export type KafkaLayout = { readonly brokers: 1 | 3; readonly firstPort: number }

export function brokerPort(layout: KafkaLayout, nodeId: number): number {
  return layout.firstPort + nodeId - 1
}

export function controllerPort(layout: KafkaLayout, nodeId: number): number {
  return brokerPort(layout, nodeId) + 100
}

export function nodeIds(layout: KafkaLayout): readonly number[] {
  return Array.from({ length: layout.brokers }, (_, index) => index + 1)
}

/** `server.properties` of one node, which is both broker and controller. */
export function kafkaProperties(layout: KafkaLayout, nodeId: number, dataDir: string): string {
  const listeners = `PLAINTEXT://${host}:${brokerPort(layout, nodeId)},CONTROLLER://${host}:${controllerPort(layout, nodeId)}`
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    listeners,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': nodeIds(layout)
      .map((id) => `${host}:${controllerPort(layout, id)}`)
      .join(','),
    'log.dirs': dataDir,
    ...topicSettings,
    ...(layout.brokers === 1 ? replication(1, 1) : { ...replication(3, 2), ...noticeLossQuickly }),
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

const twentyMegabytes = 20 * 1024 * 1024

const topicSettings = {
  'auto.create.topics.enable': false,
  'message.max.bytes': twentyMegabytes,
  'replica.fetch.max.bytes': twentyMegabytes,
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.num.partitions': 8,
  'transaction.state.log.num.partitions': 8,
  'share.coordinator.state.topic.num.partitions': 4,
  'log.cleaner.dedupe.buffer.size': 32 * 1024 * 1024,
  'num.network.threads': 2,
  'num.io.threads': 4,
}

const noticeLossQuickly = {
  'leader.imbalance.check.interval.seconds': 1,
  'broker.session.timeout.ms': 4000,
  'broker.heartbeat.interval.ms': 1000,
}

function replication(factor: number, minInSync: number): Readonly<Record<string, number>> {
  return {
    'default.replication.factor': factor,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': factor,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': minInSync,
  }
}
