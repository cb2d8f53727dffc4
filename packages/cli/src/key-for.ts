import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFault } from './fault.ts'

/** The key a command uses: the one given, DATELINE_KEY, or the operator key that `up` made in the data directory. */
export async function keyFor(
  given: string | undefined,
  dataDir: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const key = given ?? environment.DATELINE_KEY
  if (key !== undefined && key !== '') return key
  const file = join(dataDir, 'operator.key')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch {
    throw new CommandFault(
      `No key (${file} is not there): start an instance with \`dateline up\`, which makes one, name its directory with --data, or give a key with --key or DATELINE_KEY.`,
    )
  }
}
