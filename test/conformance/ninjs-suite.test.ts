import { readdirSync, readFileSync } from 'node:fs'
import { validatePublishedStory } from '@dateline/contracts'
import { ninjsFault } from '@dateline/formats'
import { normalize } from '@dateline/normalize'
import { completeDocument } from '@dateline/story'
import { describe, expect, it } from 'vitest'
import { sharedFolder } from '../support/shared-folder.ts'

const suite = sharedFolder('iptc/ninjs/test-suite')
const examples = sharedFolder('iptc/ninjs/examples')

function filesIn(folder: string | null): string[] {
  if (folder === null) return []
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => name.endsWith('.json')).map((name) => `${folder}/${name}`)
}

const nameOf = (path: string): string => path.slice(path.indexOf('/ninjs/') + 7)
const named = (paths: readonly string[]) => paths.map((path) => [nameOf(path), path] as const)

const valid = filesIn(suite)
  .filter((path) => path.includes('/should_pass/'))
  .concat(filesIn(examples).filter((path) => !path.includes('schema')))
const invalid = filesIn(suite).filter((path) => path.includes('/should_fail/'))

function outcomesOf(path: string) {
  const { items } = normalize({
    bytes: readFileSync(path),
    feed: { name: 'iptc', supplier: 'iptc' },
    receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
    position: 'wire.iptc@log/0/0',
    lane: 'live',
  })
  return items
}

function expectPublishable(document: string): void {
  const whole = JSON.parse(completeDocument(document, { uri: 'urn:dateline:iptc:none', altIds: [] }))
  expect(validatePublishedStory(whole)).toBe(true)
}

/** What the reader refuses of the documents that must fail. It takes what is good of all others: no story is lost for a pedantic fault. */
const refused: Readonly<Record<string, string>> = {
  // An empty object.
  '1.0/should_fail/001_no_uri_declared.json': 'reject unknown-format',
  // No JSON.
  '1.0/should_fail/010_body_must_be_string.json': 'reject malformed',
  '1.0/should_fail/011_description_must_be_string.json': 'reject malformed',
  '1.0/should_fail/012_location_not_object.json': 'reject malformed',
  '1.3/should_fail/006_bad_genre.json': 'reject malformed',
  // Events and planning items.
  '3.0/should_fail/003_event_with_conflicting_start.json': 'ignore not-a-story',
  '3.0/should_fail/004_event_with_renditions.json': 'ignore not-a-story',
  '3.0/should_fail/004_invalid_truncated_date.json': 'ignore not-a-story',
  '3.0/should_fail/005_planned_coverage_bad_urgency.json': 'ignore not-a-story',
}
/** Of 1.0 and of drafts there is no list of rules; and what is no JSON has none to break. */
const hasRules = (path: string): boolean =>
  !/\/(?:1\.0|\d\.x_dev)\//.test(path) && !path.endsWith('1.3/should_fail/006_bad_genre.json')

function faultIn(path: string): string | null {
  const version = /\/test-suite\/([^/]+)\//.exec(path)?.[1] ?? ''
  return ninjsFault(JSON.parse(readFileSync(path, 'utf8')), version)
}

describe.skipIf(suite === null)("IPTC's ninjs test suite and examples (skipped where ../shared/iptc is absent)", () => {
  it('are all there', () => {
    expect(valid.length).toBeGreaterThan(150)
    expect(invalid.length).toBeGreaterThan(60)
  })

  it.each(named(valid))('%s is accepted', (_name, path) => {
    const items = outcomesOf(path)
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) {
      if (item.kind === 'item') expectPublishable(item.document)
      else expect(item).toMatchObject({ kind: 'ignore', reason: 'not-a-story' })
    }
  })

  it.each(named(invalid))(
    '%s, which must fail, gives a valid document or is refused by the right rule',
    (name, path) => {
      const outcomes = outcomesOf(path).map((item) => {
        if (item.kind === 'item') expectPublishable(item.document)
        return item.kind === 'item' ? 'item' : `${item.kind} ${item.reason}`
      })
      expect(outcomes).toEqual([refused[name.replace('test-suite/', '')] ?? 'item'])
    },
  )

  it.each(named(valid.filter((path) => path.includes('/should_pass/') && hasRules(path))))(
    '%s keeps the rules of its version',
    (_name, path) => {
      expect(faultIn(path)).toBeNull()
    },
  )

  it.each(named(invalid.filter(hasRules)))('%s breaks a rule of its version', (_name, path) => {
    expect(faultIn(path)).toEqual(expect.any(String))
  })
})
