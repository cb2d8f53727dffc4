import { silentLogger } from '@dateline/runtime'
import type { Command } from 'commander'
import { globalsOf, settingsOf } from '../globals.ts'
import { print, printJson, table } from '../output.ts'

export function addTopics(program: Command): void {
  const topics = program.command('topics').description('the topics of infra/topics.json')
  topics
    .command('apply')
    .description('create the topics that are missing; changes none that is there')
    .action(async (_options: unknown, command: Command) => {
      const { openContext } = await import('../open-context.ts')
      const { applyTopics } = await import('@dateline/runtime')
      const globals = globalsOf(command)
      const context = await openContext(settingsOf(globals), { dataDir: globals.data, log: silentLogger })
      try {
        const applied = await applyTopics(context.engines.log, context.feeds.all())
        if (globals.json) for (const topic of applied) printJson(topic)
        else for (const topic of applied) print(`${topic.created ? 'created' : 'present'}  ${topic.name}`)
      } finally {
        await context.engines.close()
      }
    })
  topics
    .command('ls')
    .description('list the topics there are')
    .action(async (_options: unknown, command: Command) => {
      const { openEngines } = await import('../open-engines.ts')
      const globals = globalsOf(command)
      const engines = await openEngines(settingsOf(globals), {
        dataDir: globals.data,
        log: silentLogger,
        isReadOnly: true,
      })
      try {
        const rows = []
        for (const topic of await engines.log.topics()) {
          const offsets = await engines.log.offsets(topic.name)
          rows.push({ ...topic, records: offsets.reduce((sum, entry) => sum + entry.high - entry.low, 0) })
        }
        if (globals.json) for (const row of rows) printJson(row)
        else
          print(
            table(
              ['topic', 'partitions', 'records', 'kept', 'log id'],
              rows.map((row) => [row.name, row.partitions, row.records, kept(row), row.logId ?? '-']),
            ),
          )
      } finally {
        await engines.close()
      }
    })
}

function kept(topic: { readonly cleanup: string; readonly retentionMs: number | null }): string {
  if (topic.cleanup === 'compact') return 'compacted'
  return topic.retentionMs === null ? 'for ever' : `${Math.round(topic.retentionMs / 86_400_000)} days`
}
