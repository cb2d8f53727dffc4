import { EngineRefusal } from '@dateline/ports'
import type { Cluster } from './cluster.ts'
import { pause } from './pauses.ts'

/** Throws EngineRefusal when the topic does not exist. One made a moment ago may not be known to every broker yet. */
export async function findTopic(cluster: Cluster, topic: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await cluster.layout(topic)
      return
    } catch (error) {
      if (!(error instanceof EngineRefusal) || attempt >= 4) throw error
      await pause(150 * attempt)
    }
  }
}
