import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { withLock } from './lock.ts'
import { requireProgram, runProgram } from './programs.ts'
import { type EngineSettings, host, s3Access } from './settings.ts'

const version = '1.8.0'

/** versitygw over a folder: its root folders are buckets, so the bucket is made before it starts. */
export function s3Engine(settings: EngineSettings): Engine {
  const { s3: port } = settings.ports
  return {
    name: 's3',
    kind: 's3',
    port,
    listens: [port],
    url: `http://${host}:${port}`,
    shape: `port ${port}`,
    prepare: async function prepareS3(folder) {
      const command = await findOrBuildGateway(settings)
      for (const part of ['iam', 'versions', join('data', s3Access.bucket)])
        mkdirSync(join(folder, part), { recursive: true })
      return {
        command,
        args: s3Arguments(port, folder),
        env: { ROOT_ACCESS_KEY_ID: s3Access.accessKeyId, ROOT_SECRET_ACCESS_KEY: s3Access.secretAccessKey },
      }
    },
  }
}

export function s3Arguments(port: number, folder: string): readonly string[] {
  return [
    ...['--port', `${host}:${port}`],
    ...['--region', s3Access.region],
    ...['--health', '/health'],
    ...['--iam-dir', join(folder, 'iam')],
    '--keep-alive',
    '--quiet',
    'posix',
    ...['--versioning-dir', join(folder, 'versions')],
    join(folder, 'data'),
  ]
}

async function findOrBuildGateway({ cacheDir, onProgress }: EngineSettings): Promise<string> {
  const home = join(cacheDir, `versitygw-${version}`)
  const program = join(home, 'versitygw')
  if (existsSync(program)) return program
  const go = requireProgram('go', `install Go to build the S3 server versitygw ${version}`)
  const build = async (): Promise<string> => {
    if (existsSync(program)) return program
    onProgress(`s3: building versitygw ${version} with Go (once; one to five minutes)`)
    const scratch = mkdtempSync(`${home}.building-`)
    try {
      await runProgram(
        go,
        ['install', '-trimpath', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@v${version}`],
        {
          purpose: `build the S3 server versitygw ${version}`,
          env: { GOBIN: scratch, CGO_ENABLED: '0' },
        },
      )
      renameSync(scratch, home)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
    return program
  }
  return withLock(`${home}.lock`, build, (pid) => onProgress(`s3: waiting for the build of process ${pid}`))
}
