import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWithSaxes } from './parse-xml.ts'
import { scanXml } from './scan-xml.ts'
import { treeBuilder } from './tree-builder.ts'

const fixtures = fileURLToPath(new URL('../newsml-g2/fixtures/', import.meta.url))
const documents = [
  readFileSync(`${fixtures}full-text-item.xml`, 'utf8'),
  '<a xmlns="urn:a" xmlns:b="urn:b" c="d"><b:e f=\'g"\' xml:lang="nl">h &amp; i<j/>k</b:e><!-- l --><![CDATA[<m>]]></a>',
  ...readdirSync(fixtures)
    .filter((name) => name.endsWith('.xml'))
    .map((name) =>
      readFileSync(fixtures + name, 'utf8')
        .replace(/\r\n?/g, '\n')
        .trimStart(),
    ),
]

/** How the scanner took a text; saxes must agree with every yes. */
function check(text: string): 'taken' | 'left' {
  const builder = treeBuilder()
  const scanned = scanXml(text, builder)
  if (scanned === false) return 'left'
  const judged = parseWithSaxes(text)
  if (scanned === true) {
    expect(judged.kind, text).toBe('pass')
    if (judged.kind === 'pass') expect(builder.root()).toEqual(judged.value.root)
  } else expect(judged).toEqual(scanned)
  return 'taken'
}

const fragment = fc.constantFrom(
  ...'<|>|</|/>|=|"|\'|&|;|&amp;|&#65;|&#x1F600;|&#0;|&#xD800;|&nbsp;|]]>|<![CDATA[|<!--|--|-->|<?x ?>|<?xml version="1.0"?>|<!DOCTYPE a>|xmlns="u"| b="c"| d:b="c"|xmlns:p="u"|p:q="r"|xmlns:p=""|a|:|-|.|é| |\n|\t|\u0001|\u0085|\u2028|\ufffe|\ud800|\u{1f600}|<a>|</a>|<p:a>|<a/>|<é>'.split(
    '|',
  ),
)
const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 8 }), insert: fc.array(fragment, { maxLength: 3 }) })

const edited = (text: string, edits: readonly { at: number; remove: number; insert: readonly string[] }[]): string =>
  edits.reduce((before, { at, remove, insert }) => {
    const from = at % (before.length + 1)
    return before.slice(0, from) + insert.join('') + before.slice(from + remove)
  }, text)

describe('scanXml', () => {
  it('takes plain documents', () => {
    expect(documents.slice(0, 2).map(check)).toEqual(['taken', 'taken'])
  })

  it('agrees with saxes on every document that it takes', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(edit, { minLength: 1, maxLength: 3 }), (document, edits) => {
        if (check(edited(document, edits)) === 'taken') taken++
      }),
      { numRuns: 3_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  it('agrees with saxes on short texts of all sorts', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), fc.array(fragment, { maxLength: 6 }), (inside, attributes) => {
        if (check(`<a ${attributes.join('')}>${inside.join('')}</a>`) === 'taken') taken++
        check(inside.join(''))
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  it('agrees with saxes on a document cut anywhere', () => {
    const [document = ''] = documents
    for (let end = 0; end < document.length; end += 7) expect(check(document.slice(0, end))).toBe('left')
  })
})
