import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyArchive } from '@dateline/archive'
import { type Client, connect } from '@dateline/client'
import { applyTopics, readSettings, runServices, silentLogger } from '@dateline/runtime'
import { agencyMessage, livelyHour } from '@dateline/testkit'
import { audit } from '../audit/audit.ts'
import { eventLine } from '../event-line.ts'
import { CommandFault } from '../fault.ts'
import { freePort } from '../free-port.ts'
import { keyFor } from '../key-for.ts'
import { openContext } from '../open-context.ts'
import { paint, print, safe } from '../output.ts'
import { createServices, serviceNames } from '../services.ts'

/** Plays the hour against a whole instance of its own, shows what comes out, and proves that nothing got lost. */
export async function runDemo(options: { readonly fast: boolean; readonly keep: boolean }): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-demo-'))
  const result = readSettings('archive: { flushAfter: 1s }', {})
  if (result.kind === 'faults') throw new Error(result.faults.join(' '))
  const context = await openContext(result.settings, { dataDir, log: silentLogger })
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const startedMs = performance.now()
  await applyTopics(context.engines.log, context.feeds.all())
  const started = Promise.withResolvers<void>()
  const services = createServices(serviceNames, context, { host: '127.0.0.1', port, dataDir })
  const running = runServices(services, {
    signal: stop.signal,
    stopWithinMs: 5_000,
    log: silentLogger,
    onStarted: started.resolve,
  })
  const ended = running.then((fault) => {
    if (fault !== null) throw fault
  })
  try {
    await Promise.race([started.promise, ended])
    print(
      `Dateline runs at ${url}, started in ${Math.round(performance.now() - startedMs)} ms, all engines embedded in ${dataDir}.\n`,
    )
    const client = connect({ url, key: await keyFor(undefined, dataDir, {}) })
    await play(client, { pauseMs: options.fast ? 0 : 1_200, stop: stop.signal })
    if (!stop.signal.aborted) await prove(context)
    if (options.keep && !stop.signal.aborted) {
      print(
        `\nIt goes on running: Ctrl-C ends it. In another terminal:\n  dateline --url ${url} --data ${dataDir} tail --from-start\n  dateline --url ${url} --data ${dataDir} story ${paint.bold('nzp:urn:newsml:noordzee.example:20260120:brug-17')}`,
      )
      await ended
    } else sayNext()
  } finally {
    stop.abort()
    await running
    await context.engines.close()
    if (!options.keep) await rm(dataDir, { recursive: true, force: true })
  }
}

async function play(client: Client, options: { readonly pauseMs: number; readonly stop: AbortSignal }): Promise<void> {
  const follow = new AbortController()
  const arriving = (async () => {
    for await (const event of client.follow({ after: 'start', signal: follow.signal }))
      print(`      ${paint.dim('▶')} ${eventLine(event)}`)
  })()
  const startedMs = Date.now()
  for (const move of livelyHour) {
    if (options.stop.aborted) break
    print(`${paint.bold(`20:${String(move.minute).padStart(2, '0')}`)}  ${move.feed}: ${move.say}`)
    const { bytes, contentType } = agencyMessage(move.message, { startedMs, nowMs: Date.now() })
    const { receipt } = await client.push(move.feed, bytes, { contentType })
    const { outcomes } = await client.waitForOutcomes(receipt, 10_000)
    // The stream is a moment behind the receipt: what arrives belongs under its move.
    await sleep(Math.max(options.pauseMs, 60))
    for (const outcome of outcomes)
      if (outcome.outcome !== 'published' && outcome.outcome !== 'recalled')
        print(
          `      ${paint.yellow('○')} ${outcome.outcome} (${outcome.reason})  ${paint.dim(safe(outcome.storyKey ?? outcome.detail ?? ''))}`,
        )
  }
  if (!options.stop.aborted) {
    print(`${paint.bold('20:59')}  the embargo is due: the held story leaves by itself`)
    await waitFor(
      async () => (await client.history('nzp:https://noordzee.example/items/8850').catch(() => [])).length > 0,
      15_000,
    )
    await sleep(200)
  }
  follow.abort()
  await arriving
}

async function prove(context: Awaited<ReturnType<typeof openContext>>): Promise<void> {
  let report = await audit(context.engines.log)
  await waitFor(async () => {
    report = await audit(context.engines.log)
    return report.addsUp
  }, 10_000)
  const counts = Object.entries(report.outcomes)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`)
  print(
    `\nAudit: ${report.messages} messages held ${report.items} items: ${counts.join(', ')}. ${report.addsUp ? paint.green('It adds up.') : paint.red('It does not add up.')}`,
  )
  let archive = await verifyArchive(context.engines.archive, { log: context.engines.log })
  await waitFor(async () => {
    archive = await verifyArchive(context.engines.archive, { log: context.engines.log })
    return archive.messages >= report.messages
  }, 10_000)
  print(
    `Archive: ${archive.messages} raw messages in ${archive.objects} objects, ${archive.isWhole ? paint.green('no gap and no overlap.') : paint.red('not whole.')}`,
  )
  if (!report.addsUp || !archive.isWhole)
    throw new CommandFault('The demo did not come out right: please report it with what is printed above.')
}

function sayNext(): void {
  print(`
What to try next:
  ./dateline up                                         start an instance of your own, data in ./data
  ./dateline push FILE --feed my-feed                   push a message of any format that the README names
  ./dateline tail --from-start                          see the stories
  ./dateline parse FILE                                 see what a message would become, touching nothing
  ./dateline demo --keep                                this demo, left running for the other commands
  README.md                                             feeds, keys, webhooks, real Kafka, S3 and Redis`)
}

async function waitFor(isTrue: () => Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  while (performance.now() < deadline && !(await isTrue())) await sleep(100)
}
