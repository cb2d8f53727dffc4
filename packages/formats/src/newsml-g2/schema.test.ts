import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { describe, expect, it } from 'vitest'

/** IPTC's schema of 2.24, conformance level Core: the Power schema of 2.35 is not at hand. */
const schema = fileURLToPath(
  new URL('../../../../../shared/iptc/newsml-g2/xsd/NewsML-G2_2.24-spec-All-Core.xsd', import.meta.url),
)
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

/** What Power has and Core has not. */
const powerElements = /<(signal|generator|profile|altId)\b[^>]*(?:\/>|>[^<]*<\/\1>)/g
const powerRelations = /<broader\b[^>]*>[\s\S]*?<\/broader>/g
const powerAttributes = /(<infoSource [^>]*?) role="[^"]*"/g

function faultIn(bytes: Buffer): string | null {
  xmlRegisterFsInputProviders()
  using schemaDocument = XmlDocument.fromBuffer(readFileSync(schema), { url: schema })
  using validator = XsdValidator.fromDoc(schemaDocument)
  using document = XmlDocument.fromBuffer(bytes)
  try {
    validator.validate(document)
    return null
  } catch (fault) {
    return String(fault)
  }
}

const asCore = (name: string): Buffer =>
  Buffer.from(
    readFileSync(fixtures + name, 'latin1')
      .replace(powerElements, '')
      .replace(powerRelations, '')
      .replace(powerAttributes, '$1'),
    'latin1',
  )

describe.skipIf(!existsSync(schema))(`IPTC's schema (skipped where ${schema} is absent)`, () => {
  it.each([
    'full-text-item.xml',
    'dpa-style.xml',
    'reuters-style.xml',
    'afp-lead.xml',
    'afp-alert.xml',
    'belga-two-languages.xml',
    'tt-first-version.xml',
    'charset-latin-1.xml',
    'charset-latin-9.xml',
    'charset-utf-8-bom.xml',
    'charset-utf-16.xml',
    'charset-says-latin-1-is-utf-8.xml',
  ])('finds %s valid', (name) => {
    expect(faultIn(asCore(name))).toBeNull()
  })

  it('finds fault with a bad urgency', () => {
    expect(faultIn(readFileSync(`${fixtures}urgencies.xml`))).toContain('urgency')
  })
})
