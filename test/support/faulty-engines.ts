import type { Engines } from '@dateline/ports'

/** Points between the effects of a batch, and between those of the archiver, at which a process may die. */
export const crashPoints = [
  'before-append:stories.parsed',
  'after-append:stories.parsed',
  'before-append:stories',
  'after-append:stories',
  'after-append:stories.state',
  'after-append:wire',
  'before-store',
  'after-store',
  'before-commit:publisher',
  'after-commit:publisher',
  'before-commit:normalizer',
  'before-apply',
  'after-apply',
  'before-put',
  'after-put',
] as const

export type CrashPoint = (typeof crashPoints)[number]

export interface Death {
  readonly at: CrashPoint
  /** Passed for the n-th time. */
  readonly times: number
  /** SIGKILL unless said; SIGSTOP leaves it with the batch in its hands. */
  readonly signal?: 'SIGKILL' | 'SIGSTOP'
}

/** The engines, and a process that ends as by kill -9, or stops, when the point is passed for the n-th time. */
export function dieAt(engines: Engines, { at, times, signal = 'SIGKILL' }: Death): Engines {
  let left = times
  const pass = (here: string): void => {
    if (here !== at) return
    left -= 1
    if (left === 0) process.kill(process.pid, signal)
  }
  const { applyAtOnce } = engines
  return {
    ...engines,
    log: {
      ...engines.log,
      async append(records) {
        const topics = new Set(
          records.map((record) =>
            record.topic.startsWith('wire.') && record.topic !== 'wire.receipts' && record.topic !== 'wire.rejected'
              ? 'wire'
              : record.topic,
          ),
        )
        for (const topic of topics) pass(`before-append:${topic}`)
        const outcomes = await engines.log.append(records)
        for (const topic of topics) pass(`after-append:${topic}`)
        return outcomes
      },
      consume: (options) =>
        engines.log.consume({
          ...options,
          handle: (batch) =>
            options.handle({
              ...batch,
              async commit(next) {
                pass(`before-commit:${options.group}`)
                await batch.commit(next)
                pass(`after-commit:${options.group}`)
              },
            }),
        }),
    },
    state: {
      ...engines.state,
      async store(write) {
        pass('before-store')
        const result = await engines.state.store(write)
        pass('after-store')
        return result
      },
    },
    archive: {
      ...engines.archive,
      async put(key, bytes, metadata) {
        pass('before-put')
        const result = await engines.archive.put(key, bytes, metadata)
        pass('after-put')
        return result
      },
    },
    ...(applyAtOnce === undefined
      ? {}
      : {
          async applyAtOnce(effects) {
            pass('before-apply')
            const result = await applyAtOnce(effects)
            pass('after-apply')
            return result
          },
        }),
  }
}
