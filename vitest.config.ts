import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Tests that start processes or talk to real engines run one file at a time, after everything else.
const serial = [
  'test/**/*.test.ts',
  'infra/**/*.test.ts',
  'packages/{bullmq,cli,kafka,redis,s3}/**/*.test.ts',
  '**/*.engines.test.ts',
]
const exclude = ['**/node_modules/**', '**/fixtures/**']

export default defineConfig({
  test: {
    reporters: ['default', './infra/test/count-reporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{packages,services}/**/*.test.ts'],
          exclude: [...exclude, ...serial],
          // Two even on two cores, where vitest would take one; with one worker a group comes last, whatever its order.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'serial',
          include: serial,
          exclude,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
