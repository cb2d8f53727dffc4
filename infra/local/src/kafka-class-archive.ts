import { spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { kafkaProperties } from './kafka-config.ts'
import { formatNode } from './kafka-format.ts'
import type { KafkaPrograms } from './kafka-programs.ts'
import { isBrokerReady } from './probes.ts'
import { waitUntil } from './processes.ts'
import { host } from './settings.ts'

/**
 * Starts a throw-away broker so that Java keeps its loaded classes in one file: later starts
 * take a third of the processor time. Without the file all works, only slower, so failing is no error.
 */
export async function makeClassArchive(
  programs: KafkaPrograms,
  archive: string,
  onProgress: (text: string) => void,
): Promise<void> {
  onProgress("kafka: making Java's class archive for quick starts (once; about ten seconds)")
  const scratch = mkdtempSync(`${archive}.making-`)
  try {
    const layout = { brokers: 1, firstPort: await freePortPair() } as const
    const config = join(scratch, 'server.properties')
    const dataDir = join(scratch, 'data')
    const made = join(scratch, 'classes.jsa')
    writeFileSync(config, kafkaProperties(layout, 1, dataDir))
    await formatNode(programs, config, { clusterId: 'ZGF0ZWxpbmUtYXJjaGl2ZQ', voters: undefined })
    const broker = spawn(
      programs.java,
      [`-XX:ArchiveClassesAtExit=${made}`, '-Xmx512m', ...programs.javaOptions, 'kafka.Kafka', config],
      { stdio: 'ignore' },
    )
    const ended = new Promise((resolve) => broker.on('close', resolve).on('error', resolve))
    await waitUntil(() => broker.exitCode !== null || isBrokerReady(layout.firstPort, 1), 60_000)
    broker.kill('SIGTERM')
    const overdue = setTimeout(() => broker.kill('SIGKILL'), 60_000)
    await ended
    clearTimeout(overdue)
    renameSync(made, archive)
  } catch (error) {
    onProgress(`kafka: going on without a class archive (${error instanceof Error ? error.message : String(error)})`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** A free port whose controller's port, 100 above it, is free as well. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort(0)
    if (port + 100 < 65536 && (await freePort(port + 100).catch(() => 0)) !== 0) return port
  }
}

function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(wanted, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
