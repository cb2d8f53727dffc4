/**
 * One process of the fault tests: the named services on the engines of a settings file, and a death at a named point.
 * node test/support/worker.ts '{"config":"…","dataDir":"…","services":["publisher"],"port":0,"die":{"at":"before-store","times":3}}'
 */
import { readFileSync } from 'node:fs'
import { createServices, isServiceName, openContext } from '@dateline/cli'
import { applyTopics, createLogger, durationMs, readSettings, runServices } from '@dateline/runtime'
import { type Death, dieAt } from './faulty-engines.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as {
  config: string
  dataDir: string
  services: string[]
  port: number
  die?: Death
  createTopics?: boolean
}
const result = readSettings(readFileSync(given.config, 'utf8'), process.env)
if (result.kind === 'faults') throw new Error(result.faults.join(' '))
const log = createLogger({ level: 'warn', format: 'text', fields: { pid: process.pid } })
const opened = await openContext(result.settings, { dataDir: given.dataDir, log })
const context = given.die === undefined ? opened : { ...opened, engines: dieAt(opened.engines, given.die) }
if (given.createTopics) await applyTopics(opened.engines.log, opened.feeds.all())
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
const services = createServices(given.services.filter(isServiceName), context, {
  host: '127.0.0.1',
  port: given.port,
  dataDir: given.dataDir,
})
const fault = await runServices(services, {
  signal: stop.signal,
  stopWithinMs: durationMs(result.settings.stopWithin),
  log,
  onStarted: () => process.stdout.write('started\n'),
})
if (fault !== null) log.error('A service failed', { err: fault })
await opened.engines.close()
process.exit(fault === null ? 0 : 1)
