import { readdirSync, readFileSync } from 'node:fs'
import { validatePublishedStory } from '@dateline/contracts'
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

const valid = filesIn(suite)
  .filter((path) => path.includes('/should_pass/'))
  .concat(filesIn(examples).filter((path) => !path.includes('schema')))

describe.skipIf(suite === null)("IPTC's ninjs test suite and examples", () => {
  it('are all there', () => {
    expect(valid.length).toBeGreaterThan(150)
  })

  it.each(valid.map((path) => [path.slice(path.indexOf('/ninjs/') + 7), path]))('%s is accepted', (_name, path) => {
    const { items } = normalize({
      bytes: readFileSync(path),
      feed: { name: 'iptc', supplier: 'iptc' },
      receivedAtMs: Date.parse('2026-01-20T12:00:00Z'),
      position: 'wire.iptc@log/0/0',
      lane: 'live',
    })
    expect(items.length).toBeGreaterThan(0)
    for (const item of items) {
      if (item.kind !== 'item') {
        expect(item).toMatchObject({ kind: 'ignore', reason: 'not-a-story' })
        continue
      }
      const whole = JSON.parse(completeDocument(item.document, { uri: 'urn:dateline:iptc:none', altIds: [] }))
      expect(validatePublishedStory(whole)).toBe(true)
    }
  })
})
