import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs'
import { describe, expect, it } from 'vitest'

/** IPTC's schema of NITF 3.6. */
const schema = fileURLToPath(new URL('../../../../../shared/iptc/newsml-g2/xsd/nitf-3-6.xsd', import.meta.url))
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

function faultIn(name: string): string | null {
  xmlRegisterFsInputProviders()
  using schemaDocument = XmlDocument.fromBuffer(readFileSync(schema), { url: schema })
  using validator = XsdValidator.fromDoc(schemaDocument)
  const text = readFileSync(fixtures + name, 'latin1').replace(/<!DOCTYPE[^>]*>/, '')
  using document = XmlDocument.fromBuffer(Buffer.from(text, 'latin1'))
  try {
    validator.validate(document)
    return null
  } catch (fault) {
    return String(fault)
  }
}

describe.skipIf(!existsSync(schema))(`IPTC's schema (skipped where ${schema} is absent)`, () => {
  it('finds the full document valid', () => {
    expect(faultIn('full-document.xml')).toBeNull()
  })

  it('finds fault with an abstract that has no paragraph, as AP sends it', () => {
    expect(faultIn('ap-namespace.xml')).toContain('abstract')
  })
})
