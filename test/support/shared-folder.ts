import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url))

/** A folder of public standards and samples beside the repository; null on a machine that has none, where its tests are skipped. */
export function sharedFolder(path: string): string | null {
  const folder = `${shared}${path}`
  return existsSync(folder) ? folder : null
}
