import type { Cluster } from './cluster.ts'

export interface TopicSettings {
  readonly maxMessageBytes: number
  readonly cleanup: 'delete' | 'compact'
  readonly retentionMs: number | null
}

const TOPIC = 2
const MAX_MESSAGE_BYTES = 'max.message.bytes'
const CLEANUP = 'cleanup.policy'
const RETENTION_MS = 'retention.ms'

/** Kafka's own limit where nothing else is set. */
export const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588

/** The settings of existing topics, as the cluster has them now. */
export async function topicSettings(
  cluster: Cluster,
  names: readonly string[],
): Promise<ReadonlyMap<string, TopicSettings>> {
  if (names.length === 0) return new Map()
  const { resources } = await cluster.askAny((broker) =>
    broker.describeConfigs({
      resources: names.map((name) => ({
        type: TOPIC,
        name,
        configNames: [MAX_MESSAGE_BYTES, CLEANUP, RETENTION_MS],
      })),
    }),
  )
  const settings = new Map<string, TopicSettings>()
  for (const { resourceName, configEntries } of resources) {
    const values = new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]))
    const retentionMs = Number(values.get(RETENTION_MS) ?? -1)
    settings.set(resourceName, {
      maxMessageBytes: Number(values.get(MAX_MESSAGE_BYTES) ?? DEFAULT_MAX_MESSAGE_BYTES),
      // "compact,delete" keeps nothing for ever: it counts as delete.
      cleanup: values.get(CLEANUP) === 'compact' ? 'compact' : 'delete',
      retentionMs: retentionMs < 0 ? null : retentionMs,
    })
  }
  return settings
}

/** What `createTopic` sets: the same names, the other way round. */
export function settingEntries(
  settings: TopicSettings,
  replicationFactor: number,
): readonly { readonly name: string; readonly value: string }[] {
  return [
    { name: MAX_MESSAGE_BYTES, value: String(settings.maxMessageBytes) },
    { name: CLEANUP, value: settings.cleanup },
    { name: RETENTION_MS, value: String(settings.retentionMs ?? -1) },
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    { name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' },
  ]
}
