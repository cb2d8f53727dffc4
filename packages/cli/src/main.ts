#!/usr/bin/env node
import { explain } from './explain.ts'
import { createProgram } from './program.ts'

const program = createProgram()
try {
  await program.parseAsync(process.argv)
} catch (error) {
  const { message, exitCode } = explain(error)
  if (message !== '') process.stderr.write(`dateline: ${message}\n`)
  process.exitCode = exitCode
}
