import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

const faultsOf = (text: string, environment: Record<string, string> = {}): readonly string[] => {
  const result = readSettings(text, environment)
  return result.kind === 'faults' ? result.faults : []
}

const anp = 'suppliers: { anp: {} }\n'

describe('settings', () => {
  it('are whole without a file', () => {
    expect(readSettings(null, {})).toMatchObject({
      kind: 'settings',
      settings: {
        instance: 'main',
        http: { port: 8787, maxMessageBytes: 8_388_608 },
        publisher: { lagLimit: 100 },
        keys: [],
        consumers: { sessionTimeout: '30s' },
      },
    })
  })

  it('fill in what a feed does not say', () => {
    const result = readSettings(`${anp}feeds: { anp-x: { supplier: anp } }`, {})
    expect(result).toMatchObject({
      settings: { feeds: { 'anp-x': { via: 'push', partitions: 4, flashPerMinute: 30 } } },
    })
  })

  it('take secrets from the environment, and name those that are missing', () => {
    expect(readSettings(`engines: { state: "redis://:\${PW}@r:6379" }`, { PW: 's3cret' })).toMatchObject({
      settings: { engines: { state: 'redis://:s3cret@r:6379' } },
    })
    expect(faultsOf(`engines: { state: "redis://:\${PW}@r:6379" }`)).toEqual([expect.stringContaining('PW is not set')])
  })

  it.each([
    ['feeds: { Anp: { supplier: anp } }', /feeds/],
    ['feeds: { anp: { suplier: anp } }', /feeds\.anp.*(supplier|suplier)/],
    ['http: { port: 99999 }', /http\.port must be <= 65535/],
    ['a: [', /Line 1/],
    ['x: &a 1\ny: *a', /aliases/],
    [`${anp}feeds: { anp-s: { supplier: anp, via: folder } }`, /say which with `path`/],
    ['feeds: { anp-s: { suplier: anp } }', /supplier.* \(there are: suplier/],
    ['feeds: { anp-s: { supplier: anp, format: newsml } }', /allowed values: .*newsml-g2/],
    ['feeds: { Anp_S: { supplier: anp } }', /feeds .*: Anp_S/],
    [`${anp}feeds: { anp-s: { supplier: anp, charset: latin-99 } }`, /charset latin-99, which is not one that is read/],
    ['suppliers: { anp: { charset: utf } }', /supplier anp has the charset utf/],
    [`${anp}feeds: { anp-s: { supplier: anp, timezone: Amsterdam } }`, /Amsterdam, which is not an IANA name/],
    [
      `${anp}feeds: { anp-s: { supplier: anp } }\nkeys: [{ id: k, sha256: "${'a'.repeat(64)}", feeds: [anp-t] }]`,
      /key k is for the feed anp-t/,
    ],
    [`${anp}feeds: { receipts: { supplier: anp } }`, /cannot be called receipts/],
    [`${anp}feeds: { anp-s: { supplier: apn } }`, /anp-s is of the supplier apn, .* \(there are: anp\)/],
    [
      'feeds: { anp-s: { supplier: anp }, anp-t: { supplier: apn }, anp-u: { supplier: anp } }',
      /no suppliers, but feeds of anp \(anp-s, anp-u\), apn \(anp-t\): add `suppliers: { anp: {}, apn: {} }`/,
    ],
  ])('%s is refused with one sentence that says where', (text, says) => {
    const faults = faultsOf(text)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(says)
    expect(faults[0]).toMatch(/[.)]$/)
  })
})
