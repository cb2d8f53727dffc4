import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from './engine-error.ts'
import { makeClassArchive } from './kafka-class-archive.ts'
import { withLock } from './lock.ts'
import { findProgram, requireProgram, runProgram } from './programs.ts'
import type { EngineSettings } from './settings.ts'

export type KafkaPrograms = {
  readonly java: string
  /** Options of every Java process of ours: class path, loggers, class archive, quick start. */
  readonly javaOptions: readonly string[]
}

const kafkaFolder = join(import.meta.dirname, '../kafka')

/** Java as found; Kafka's jars and its class archive fetched and made once, then from the cache. */
export async function kafkaPrograms({ cacheDir, onProgress }: EngineSettings): Promise<KafkaPrograms> {
  const java = findJava()
  const javaVersion = await checkJava(java)
  const pom = join(kafkaFolder, 'pom.xml')
  const jars = join(cacheDir, `kafka-${digest(readFileSync(pom, 'utf8'))}`)
  const archive = join(cacheDir, `kafka-${digest(readFileSync(pom, 'utf8') + javaVersion)}.jsa`)
  const javaOptions = [
    '-XX:+UseSerialGC',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${join(kafkaFolder, 'log4j2.xml')}`,
    ...['-cp', join(jars, '*')],
  ]
  const make = async (): Promise<void> => {
    if (!existsSync(jars)) await fetchJars(pom, jars, onProgress)
    if (!existsSync(archive)) await makeClassArchive({ java, javaOptions }, archive, onProgress)
  }
  if (!existsSync(jars) || !existsSync(archive)) {
    await withLock(join(cacheDir, 'kafka.lock'), make, (pid) =>
      onProgress(`kafka: waiting for process ${pid}, which fills the cache`),
    )
  }
  return {
    java,
    javaOptions: existsSync(archive)
      ? [`-XX:SharedArchiveFile=${archive}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off', ...javaOptions]
      : javaOptions,
  }
}

/** The version that `java -version` prints, as a number; undefined when it is not told. */
export function javaMajor(printed: string): number | undefined {
  const found = /version "(\d+)/.exec(printed)?.[1]
  return found === undefined ? undefined : Number(found)
}

function findJava(): string {
  const home = process.env.JAVA_HOME
  const named = home ? join(home, 'bin', 'java') : undefined
  if (named && existsSync(named)) return named
  return requireProgram(
    'java',
    "install Java 17 or later for Kafka, on Debian with 'apt-get install openjdk-17-jre-headless'",
  )
}

async function checkJava(java: string): Promise<string> {
  const printed = await runProgram(java, ['-version'], { purpose: "ask for Java's version", withinMs: 20_000 })
  const major = javaMajor(printed)
  if (major === undefined || major < 17)
    throw new EngineError(
      `${java} is Java ${major ?? 'of an unknown version'}, but Kafka needs 17 or later: install it or set JAVA_HOME.`,
    )
  return printed
}

async function fetchJars(pom: string, jars: string, onProgress: (text: string) => void): Promise<void> {
  if (!findProgram('mvn'))
    throw new EngineError(
      "mvn was not found on the PATH: install Maven to fetch Kafka's jars, on Debian with 'apt-get install maven'.",
    )
  onProgress("kafka: fetching Kafka's jars with Maven (once; about half a minute)")
  const scratch = mkdtempSync(`${jars}.fetching-`)
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies'
  try {
    await runProgram('mvn', ['-B', '-q', '-f', pom, goal, '-DincludeScope=runtime', `-DoutputDirectory=${scratch}`], {
      purpose: "fetch Kafka's jars with Maven",
    })
    renameSync(scratch, jars)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10)
}
