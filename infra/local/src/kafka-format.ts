import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { controllerPort, type KafkaLayout, nodeIds } from './kafka-config.ts'
import type { KafkaPrograms } from './kafka-programs.ts'
import { runProgram } from './programs.ts'
import { host } from './settings.ts'

/** `voters` is undefined for a node alone. */
export type ClusterIdentity = { readonly clusterId: string; readonly voters: string | undefined }

/** The identity kept in `file`, made at the first call. */
export function clusterIdentity(file: string, layout: KafkaLayout): ClusterIdentity {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as ClusterIdentity
  const voters = nodeIds(layout)
    .map((id) => `${id}@${host}:${controllerPort(layout, id)}:${newId()}`)
    .join(',')
  const identity: ClusterIdentity = { clusterId: newId(), voters: layout.brokers === 1 ? undefined : voters }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(identity, undefined, 2))
  return identity
}

/** Gives an empty data directory its identity; leaves one that has it as it is. */
export async function formatNode(programs: KafkaPrograms, config: string, identity: ClusterIdentity): Promise<void> {
  const role = identity.voters === undefined ? ['--standalone'] : ['--initial-controllers', identity.voters]
  const args = [
    '-Xmx128m',
    '-XX:TieredStopAtLevel=1',
    ...programs.javaOptions,
    'kafka.tools.StorageTool',
    'format',
    '--ignore-formatted',
    '--cluster-id',
    identity.clusterId,
    '--config',
    config,
    ...role,
  ]
  await runProgram(programs.java, args, { purpose: 'format a Kafka data directory', withinMs: 60_000 })
}

/** Kafka's ids are 16 bytes in URL-safe base64, and its tool takes a leading dash for an option. */
function newId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newId() : id
}
