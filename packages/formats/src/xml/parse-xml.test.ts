import { describe, expect, it } from 'vitest'
import { parseXml } from './parse-xml.ts'
import { attribute, child, children, elements, lineOf, rawText, type XmlElement } from './xml-tree.ts'

function rootOf(text: string): XmlElement {
  const outcome = parseXml(text)
  if (outcome.kind !== 'pass') throw new Error(`${outcome.reason}: ${outcome.detail}`)
  return outcome.value.root
}

describe('parseXml', () => {
  it('keeps text and elements in their order', () => {
    const { children } = rootOf('<p>a <b>c</b> <i/>d<![CDATA[ <e>]]>&amp;f<!-- g -->h</p>')
    expect(children.map((node) => (typeof node === 'string' ? node : `<${node.name}>`))).toEqual([
      'a ',
      '<b>',
      ' ',
      '<i>',
      'd <e>&fh',
    ])
  })

  it('resolves namespaces, never prefixes', () => {
    const root = rootOf(
      '<a:x xmlns:a="urn:1" xmlns="urn:2"><y/><a:z xmlns:a="urn:3"/><b xmlns=""/><a:w xml:lang="nl"/></a:x>',
    )
    expect([root, ...elements(root)].map(({ name, namespace }) => `${namespace} ${name}`)).toEqual([
      'urn:1 x',
      'urn:2 y',
      'urn:3 z',
      ' b',
      'urn:1 w',
    ])
    expect(child(root, 'y')).toBeUndefined()
    expect(children(root, 'w').map((element) => attribute(element, 'xml:lang'))).toEqual(['nl'])
  })

  it('says where an element lies in the text', () => {
    const outcome = parseXml('\n<?xml version="1.0"?>\r\n<a>\r\n  <b\r\nc="d>"> e </b>\r\n<f/></a>')
    if (outcome.kind !== 'pass') throw new Error(outcome.detail)
    const { root, text } = outcome.value
    expect(elements(root).map(({ start, end }) => text.slice(start, end))).toEqual(['<b\nc="d>"> e </b>', '<f/>'])
  })

  it('reads attributes, texts and lines', () => {
    const root = rootOf(`<a b=" c\n&#10;d " e='"' f="">  x\n y<g>z</g> </a>`)
    expect(root.attributes).toEqual(['b', ' c \nd ', 'e', '"', 'f', ''])
    expect(attribute(root, 'f')).toBeUndefined()
    expect(rawText(root)).toBe('  x\n yz ')
    expect(lineOf(root)).toBe('x yz')
  })

  it('knows the named characters of XHTML without a document type', () => {
    expect(rawText(rootOf('<p>caf&eacute;&nbsp;&euro; &lt;&hearts;&OElig;&Omega;&rarr;</p>'))).toBe('café\u00a0€ <♥ŒΩ→')
  })

  it('takes a document type that names an external subset, and does not look for it', () => {
    expect(rootOf('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>b</a>').name).toBe('a')
    expect(rootOf('<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b; ]><a>b</a>').name).toBe('a')
    expect(rootOf('<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.3//EN" "nitf-3-3.dtd"><nitf/>').name).toBe('nitf')
  })

  it.each([
    ['malformed', 'an element left open', '<a><b></b>'],
    ['malformed', 'an element closed twice', '<a></a></a>'],
    ['malformed', 'elements that overlap', '<a><b></a></b>'],
    ['malformed', 'two roots', '<a/><b/>'],
    ['malformed', 'text around the root', '<a/>b'],
    ['malformed', 'no element', 'a'],
    ['malformed', 'an attribute twice', '<a b="1" b="2"/>'],
    ['malformed', 'an unknown entity', '<a>&b;</a>'],
    ['malformed', 'a bare ampersand', '<a>b & c</a>'],
    ['malformed', 'a control character', '<a>\u0001</a>'],
    ['malformed', 'a reference to one', '<a>&#1;</a>'],
    ['malformed', 'an unknown prefix', '<b:a/>'],
    ['malformed', 'an unknown prefix of an attribute', '<a b:c="d"/>'],
    ['malformed', 'a name with two colons', '<b:c:a xmlns:b="urn:b"/>'],
    ['doctype', 'an internal subset', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['doctype', 'a parameter entity with a text', '<!DOCTYPE a [<!ENTITY % b "c"> %b;]><a/>'],
    [
      'doctype',
      'an entity beside one that names a file',
      '<!DOCTYPE a [<!ENTITY % b SYSTEM "c">%b;<!ENTITY d "e">]><a/>',
    ],
    ['doctype', 'a very long subset', `<!DOCTYPE a [${'<!ENTITY % b SYSTEM "c">'.repeat(100)}]><a/>`],
    ['malformed', 'an entity that a file may hold', '<!DOCTYPE a [<!ENTITY % b SYSTEM "c"> %b;]><a>&d;</a>'],
    ['doctype', 'an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['too-deep', '201 levels', `${'<a>'.repeat(201)}${'</a>'.repeat(201)}`],
    ['too-complex', '300,001 elements', `<a>${'<b/>'.repeat(300_000)}</a>`],
    ['too-complex', '1,001 attributes', `<a ${Array.from({ length: 1_001 }, (_, at) => `b${at}=""`).join(' ')}/>`],
    ['too-complex', '257 namespaces', `<a ${Array.from({ length: 257 }, (_, at) => `xmlns:b${at}="c"`).join(' ')}/>`],
  ])('rejects as %s: %s', (reason, _case, text) => {
    expect(parseXml(text)).toMatchObject({ kind: 'reject', reason })
  })

  it('says line and column of a fault', () => {
    const outcome = parseXml('<a>\n  <b>\n  </c>\n</a>')
    expect(outcome).toMatchObject({ kind: 'reject', reason: 'malformed', detail: expect.stringMatching(/^3:\d+: /) })
  })

  it('goes 200 levels deep', () => {
    expect(rootOf(`${'<a>'.repeat(200)}b${'</a>'.repeat(200)}`).name).toBe('a')
  })
})
