import type { Reporter, TestModule } from 'vitest/node'

/**
 * Closes a run with `N passed, N failed, N skipped` alone on a line, for whoever reads the log by machine.
 * A file, hook or rejection that failed outside of any test counts as one failure; a run without a test fails.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length
    const passed = count('passed')
    const failedOutside = modules.filter((module) => module.state() === 'failed' && !hasFailedTest(module)).length
    const failed = count('failed') + failedOutside + unhandledErrors.length
    if (passed + failed === 0) process.exitCode = 1
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${tests.length - passed - count('failed')} skipped\n`)
  }
}

function hasFailedTest(module: TestModule): boolean {
  return [...module.children.allTests('failed')].length > 0
}
