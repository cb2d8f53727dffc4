import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDoorkeeper, createKey, openOperatorKey } from './keys.ts'

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

describe('the doorkeeper', () => {
  const agency = createKey()
  const reader = createKey()
  const callerOf = createDoorkeeper([
    { id: 'anp-1', sha256: agency.sha256, feeds: ['anp-newsml'] },
    { id: 'cms', sha256: reader.sha256, reads: ['anp'] },
  ])

  it.each([
    ['bearer', `Bearer ${agency.key}`],
    ['bearer in lower case', `bearer ${agency.key}`],
    ['the password of basic, whatever the user', basic(`anybody:${agency.key}`)],
  ])('knows a key by %s', (_name, authorization) => {
    expect(callerOf(authorization)?.id).toBe('anp-1')
  })

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['a bearer without a key', 'Bearer'],
    ['another key', `Bearer ${createKey().key}`],
    ['the hash instead of the key', `Bearer ${agency.sha256}`],
    ['another scheme', `Digest ${agency.key}`],
    ['basic without a colon', basic(agency.key)],
    ['basic with the key as the user', basic(`${agency.key}:`)],
    ['basic that is no base64', 'Basic %%%'],
  ])('knows nobody by %s', (_name, authorization) => {
    expect(callerOf(authorization)).toBeNull()
  })

  it('lets a key do what it is for, and nothing else', () => {
    const pusher = callerOf(`Bearer ${agency.key}`)
    expect([pusher?.mayPush('anp-newsml'), pusher?.mayPush('anp-site'), pusher?.isReader]).toEqual([true, false, false])
    const cms = callerOf(`Bearer ${reader.key}`)
    expect([cms?.mayPush('anp-newsml'), cms?.isReader, cms?.mayRead('anp'), cms?.mayRead('dpa')]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('takes "*" for every feed and every supplier', () => {
    const { key, sha256 } = createKey()
    const all = createDoorkeeper([{ id: 'all', sha256, feeds: ['*'], reads: ['*'] }])(`Bearer ${key}`)
    expect([all?.mayPush('x-y'), all?.mayRead('dpa'), all?.isOperator]).toEqual([true, true, false])
  })
})

describe('the operator key', () => {
  const directory = (): string => mkdtempSync(join(tmpdir(), 'dateline-keys-'))

  it('is made once, readable by its owner alone', () => {
    const dir = join(directory(), 'data')
    const first = openOperatorKey(dir)
    const key = readFileSync(join(dir, 'operator.key'), 'utf8').trim()
    expect(statSync(join(dir, 'operator.key')).mode & 0o777).toBe(0o600)
    expect(openOperatorKey(dir)).toEqual(first)
    expect(createDoorkeeper([first])(`Bearer ${key}`)?.isOperator).toBe(true)
  })

  it('opens no door with an empty password when a crash left its file empty', () => {
    const dir = directory()
    writeFileSync(join(dir, 'operator.key'), '')
    const callerOf = createDoorkeeper([openOperatorKey(dir)])
    expect(callerOf(basic('operator:'))).toBeNull()
    expect(callerOf(`Bearer ${readFileSync(join(dir, 'operator.key'), 'utf8').trim()}`)?.isOperator).toBe(true)
  })
})
