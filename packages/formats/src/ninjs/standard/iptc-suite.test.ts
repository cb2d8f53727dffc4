import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json/json-values.ts'
import { parseJson } from '../../json/parse-json.ts'
import { ninjsFault } from './ninjs-fault.ts'

const suite = fileURLToPath(new URL('../../../../../../shared/iptc/ninjs/test-suite/', import.meta.url))
const versions = ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '2.0', '2.1', '2.2', '3.0', '3.1']

function filesIn(kind: 'should_pass' | 'should_fail'): [name: string, version: string][] {
  return versions.flatMap((version) => {
    const folder = `${suite}${version}/${kind}/`
    const names = existsSync(folder) ? readdirSync(folder) : []
    return names.map((name): [string, string] => [`${version}/${kind}/${name}`, version])
  })
}

/** Null where the document keeps the rules. */
function faultIn(name: string, version: string): string | null {
  const parsed = parseJson(readFileSync(suite + name, 'utf8'))
  return parsed.kind === 'pass' ? ninjsFault(parsed.value.value as JsonObject, version) : 'no JSON'
}

describe.skipIf(!existsSync(suite))(`IPTC's ninjs test suite (skipped where ${suite} is absent)`, () => {
  it('is all there', () => {
    expect(filesIn('should_pass').length).toBeGreaterThan(60)
    expect(filesIn('should_fail').length).toBeGreaterThan(30)
  })

  it.each(filesIn('should_pass'))('finds no fault with %s', (name, version) => {
    expect(faultIn(name, version)).toBeNull()
  })

  it.each(filesIn('should_fail'))('finds fault with %s', (name, version) => {
    expect(faultIn(name, version)).not.toBeNull()
  })
})
