import { describe, expect, it } from 'vitest'
import { declaredVersion, ninjsFault } from './ninjs-fault.ts'

const uri = 'urn:a:1'
const point = { type: 'Point', coordinates: [4.9, 52.4] }
const dates = { startDate: '2026-01-20T12:00:00Z' }

describe('ninjsFault', () => {
  it.each([
    ['an unknown property', '3.1', { uri, desk: 'BIN' }, ' must not have "desk"'],
    ['a missing uri', '1.1', { headline: 'a' }, ' must have uri'],
    ['an urgency with a fraction', '3.0', { uri, urgency: 0.1 }, '/urgency must be a whole number of 1 to 9'],
    ['a property of a later version', '1.3', { uri, expires: '2026-01-20' }, ' must not have "expires"'],
    ['a spelling of another generation', '3.1', { uri, pubstatus: 'usable' }, ' must not have "pubstatus"'],
    ['a status that is none', '2.2', { uri, pubstatus: 'cancelled' }, '/pubstatus must be one of'],
    ['a headline without text', '2.0', { uri, headlines: [{ role: 'main' }] }, '/headlines/0 must have value'],
    ['an association without a name', '2.1', { uri, associations: [{ uri }] }, '/associations/0 must have name'],
    [
      'a fault deep in an association',
      '1.5',
      { uri, associations: { a: { uri, urgency: 'x' } } },
      '/associations/a/urgency',
    ],
    [
      'two kinds of rights',
      '1.4',
      { uri, rightsinfo: { linkedrights: 'a', encodedrights: 'b' } },
      '/rightsinfo must have either',
    ],
    [
      'a point of one number',
      '3.1',
      { uri, places: [{ geoJSON: { ...point, coordinates: [1] } }] },
      '/places/0/geoJSON',
    ],
    [
      'an event that begins twice',
      '3.0',
      { uri, eventDetails: { dates: { ...dates, expectedStartDate: '2026' } } },
      '/eventDetails/dates',
    ],
    [
      'a date in words',
      '3.0',
      { uri, eventDetails: { dates: { expectedStartDate: 'May' } } },
      '/eventDetails/dates/expectedStartDate',
    ],
    ['a headline extension of no letters', '1.3', { uri, headline_: 'a' }, ' must not have "headline_"'],
  ])('finds %s', (_what, version, document, fault) => {
    expect(ninjsFault(document, version)).toContain(fault)
  })

  it.each([
    ['1.2', { uri, type: 'component', versioncreated: 'no date', description_x: 'a' }],
    ['2.2', { uri, places: [{ name: 'Waterhuizen', geojson: point }], digitalsourcetype: { literal: 'a' } }],
    ['3.1', { uri, type: 'event', eventDetails: { dates: { ...dates, expectedEndDate: '2026-02' } } }],
    ['9.9', { anything: true }],
  ])('finds nothing wrong by the rules of %s', (version, document) => {
    expect(ninjsFault(document, version)).toBeNull()
  })
})

describe('declaredVersion', () => {
  it.each([
    [{ standard: { version: '3.1' } }, '3.1'],
    [{ $standard: { version: '1.6' } }, '1.6'],
    [{ standard: '3.1' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (document, version) => {
    expect(declaredVersion(document)).toBe(version)
  })
})
