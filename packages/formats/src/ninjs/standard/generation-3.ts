import { geojson } from './geojson.ts'
import { eitherOf, list, matching, number, object, type Properties, type Shape, text, whole, wordOf } from './shapes.ts'

/** ninjs 3.0 and 3.1, by the minor number. */
export function generation3(minor: number): Shape {
  const properties: Properties = {
    ...{ uri: text, profile: text, version: text, firstCreated: text, versionCreated: text, contentCreated: text },
    ...{ embargoedUntil: text, expires: text, copyrightHolder: text, copyrightNotice: text, usageTerms: text },
    ...{ edNote: text, language: text, title: text, by: text, slugline: text, located: text },
    type: newsObjectType,
    representationType: wordOf('full', 'partial'),
    pubStatus,
    urgency,
    descriptions: list(written),
    headlines: list(written),
    bodies: list(
      object(
        { role: text, contentType: text, charCount: whole(), wordCount: whole(), value: text },
        { required: ['value'] },
      ),
    ),
    people: list(object({ ...named, contactInfo: list(contactInfo) })),
    organisations: list(organisation),
    places: list(object({ ...named, contactInfo: list(contactInfo), geoJSON: geojson })),
    subjects: list(object({ ...named, creator: text, relevance: whole(0, 100), confidence: whole(0, 100) })),
    events: list(object({ ...named, id: text })),
    eventDetails: object({ eventStatus: text, plannedCoverageStatus: text, dates, organiser: organisation }),
    plannedCoverage: list(plannedCoverage),
    objects: list(object(named)),
    infoSources: list(object({ name: text, role: text, uri: text, literal: text, contactInfo: list(contactInfo) })),
    renditions: list(rendition),
    associations: list((value) => association(value)),
    altIds: list(object({ role: text, value: text })),
    trustIndicators: list(object({ role: text, title: text, href: text })),
    standard: object({ name: text, version: text, schema: text }),
    genres: list(object({ name: text, uri: text, literal: text })),
    rightsInfo: object(
      { langId: text, linkedRights: text, encodedRights: text },
      { also: eitherOf('linkedRights', 'encodedRights') },
    ),
    ...(minor >= 1 ? { digitalSourceType: object({ name: text, uri: text, literal: text }) } : {}),
  }
  const association = object({ ...properties, name: text, rel: text }, { required: ['name', 'uri'] })
  return object(properties, { required: ['uri'] })
}

const named = { name: text, rel: text, uri: text, literal: text }
const urgency = whole(1, 9)
const pubStatus = wordOf('usable', 'withheld', 'canceled')
const newsObjectType = wordOf(
  ...['text', 'audio', 'video', 'picture', 'graphic', 'composite', 'component', 'event', 'planning'],
)
const written = object({ role: text, contentType: text, value: text }, { required: ['value'] })

const contactInfo = object(
  {
    ...{ type: text, role: text, lang: text, name: text, value: text },
    address: object({ lines: list(text), locality: text, area: text, postalCode: text, country: text }),
  },
  { also: eitherOf('value', 'address') },
)

const organisation = object({
  ...named,
  symbols: list(object({ exchange: text, symbolType: text, symbol: text })),
  contactInfo: list(contactInfo),
})

const rendition = object(
  {
    ...{ name: text, href: text, contentType: text, title: text, format: text, aspectRatio: text, videoCodec: text },
    ...{ width: whole(), height: whole(), sizeInBytes: whole(), duration: number, frameRate: number },
    ...{ transportProtocol: text, bitrate: text, scanType: wordOf('progressive', 'interlaced') },
    poi: object({ x: whole(), y: whole() }),
  },
  { required: ['name'] },
)

/** A year, month, day or moment: each part only after the one before. */
const truncatedDate = matching(
  /^-?\d{4,12}(?:-(?:1[0-2]|0[1-9])(?:-(?:3[01]|0[1-9]|[12]\d)(?:T(?:2[0-3]|[01]\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:2[0-3]|[01]\d):[0-5]\d)?)?)?)?$/,
)

const startOf = eitherOf('startDate', 'expectedStartDate')
const endOf = eitherOf('endDate', 'expectedEndDate')

/** IPTC's schema gives `recurrenceDates` two types at once, so that nothing is valid; a list of dates is meant. */
const dates = object(
  {
    ...{ startDate: text, endDate: text, expectedDuration: text },
    ...{ expectedStartDate: truncatedDate, expectedEndDate: truncatedDate },
    recurrence: object({
      recurrenceDates: list(truncatedDate),
      recurrenceRules: list(
        object({
          frequency: wordOf('secondly', 'minutely', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'),
          ...{ interval: whole(), until: text, count: whole() },
        }),
      ),
    }),
  },
  { also: (value) => (startOf(value) !== null && endOf(value) !== null ? startOf(value) : null) },
)

const plannedCoverage = object({
  ...{ uri: text, title: text, edNote: text, language: text, wordCount: whole() },
  ...{ pubStatus, type: newsObjectType, urgency, dates },
  commissioned: object({ by: text, on: text, references: list(object({ name: text, value: text })) }),
  audiences: list(object({ audience: text, significance: whole() })),
  exclAudience: list(text),
  itemCount: object({ rangeFrom: whole(), rangeTo: whole() }),
  renditions: list(rendition),
})
