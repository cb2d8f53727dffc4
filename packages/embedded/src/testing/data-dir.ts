import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engines, TopicSpec } from '@dateline/ports'
import { onTestFinished } from 'vitest'
import { type EmbeddedOptions, openEmbedded } from '../index.ts'

/** A data directory that goes when the test ends; a test that runs beside others says which one it is. */
export async function dataDir(whenFinished: typeof onTestFinished = onTestFinished): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'dateline-embedded-'))
  whenFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** The engines on it, closed before it goes. */
export async function opened(dir: string, options: Omit<EmbeddedOptions, 'dir'> = {}): Promise<Engines> {
  const engines = await openEmbedded({ dir, ...options })
  onTestFinished(() => engines.close())
  return engines
}

export const topic = (name: string, spec: Partial<TopicSpec> = {}): TopicSpec => ({
  name,
  partitions: 1,
  cleanup: 'delete',
  retentionMs: null,
  maxMessageBytes: 1_000_000,
  ...spec,
})
