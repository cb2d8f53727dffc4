import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { brokerPort, controllerPort, type KafkaLayout, kafkaProperties, nodeIds } from './kafka-config.ts'
import { clusterIdentity, formatNode } from './kafka-format.ts'
import { type KafkaPrograms, kafkaPrograms } from './kafka-programs.ts'
import { type EngineSettings, host } from './settings.ts'

/** One node or three; each layout has data of its own, so changing between them loses nothing. */
export function kafkaEngines(settings: EngineSettings): readonly Engine[] {
  const layout: KafkaLayout = { brokers: settings.brokers, firstPort: settings.ports.kafka }
  let preparing: Promise<KafkaPrograms> | undefined
  const programs = (): Promise<KafkaPrograms> => (preparing ??= kafkaPrograms(settings))
  return nodeIds(layout).map((nodeId) => kafkaEngine(layout, nodeId, { dir: settings.dir, programs }))
}

function kafkaEngine(
  layout: KafkaLayout,
  nodeId: number,
  from: { readonly dir: string; readonly programs: () => Promise<KafkaPrograms> },
): Engine {
  const port = brokerPort(layout, nodeId)
  // Ports are part of the voters' identity, hence of the name.
  const layoutName = `of-${layout.brokers}-at-${layout.firstPort}`
  return {
    name: `kafka-${nodeId}`,
    kind: 'kafka',
    port,
    listens: [port, controllerPort(layout, nodeId)],
    url: `kafka://${host}:${port}`,
    shape: `port ${port}, brokers ${layout.brokers}`,
    prepare: async function prepareKafka(folder) {
      const identity = clusterIdentity(join(from.dir, 'kafka-clusters', `${layoutName}.json`), layout)
      const programs = await from.programs()
      const dataDir = join(folder, `data-${layoutName}`)
      const config = join(folder, 'server.properties')
      mkdirSync(folder, { recursive: true })
      writeFileSync(config, kafkaProperties(layout, nodeId, dataDir))
      if (!existsSync(join(dataDir, 'meta.properties'))) await formatNode(programs, config, identity)
      // Three on one machine are for tests, which end before the second compiler has earned its keep.
      const tuning = layout.brokers === 1 ? ['-Xmx512m'] : ['-Xmx384m', '-XX:TieredStopAtLevel=1']
      return { command: programs.java, args: [...tuning, ...programs.javaOptions, 'kafka.Kafka', config], env: {} }
    },
  }
}
