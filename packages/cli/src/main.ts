#!/usr/bin/env node
import { explain } from './explain.ts'
import { createProgram } from './program.ts'

// Who reads the output may stop before its end: `dateline tail | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

const program = createProgram()
try {
  await program.parseAsync(process.argv)
} catch (error) {
  const { message, exitCode } = explain(error)
  if (message !== '') process.stderr.write(`dateline: ${message}\n`)
  process.exitCode = exitCode
}
