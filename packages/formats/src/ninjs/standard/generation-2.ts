import { isObject } from '../../json/json-values.ts'
import { geojson } from './geojson.ts'
import { eitherOf, list, number, object, type Properties, type Shape, text, whole, wordOf } from './shapes.ts'

/** ninjs 2.0 to 2.2, by the minor number. */
export function generation2(minor: number): Shape {
  const since = (first: number, properties: Properties): Properties => (minor >= first ? properties : {})
  const percent = whole(0, 100)
  const contact = since(1, { contactinfo: list(contactInfo) })
  const identified = { name: text, rel: text, uri: text, literal: text }
  const symbol = object({ ticker: text, exchange: text, ...since(1, { symboltype: text, symbol: text }) })
  const concept = object(identified)
  const written = object({ role: text, contenttype: text, value: text }, { required: ['value'] })
  const properties: Properties = {
    ...{ uri: text, profile: text, version: text, firstcreated: text, versioncreated: text, contentcreated: text },
    ...{ embargoed: text, copyrightholder: text, copyrightnotice: text, usageterms: text, ednote: text },
    ...{ language: text, title: text, by: text, slugline: text, located: text, urgency: number },
    type: wordOf('text', 'audio', 'video', 'picture', 'graphic', 'composite', 'component'),
    representationtype: wordOf('full', 'partial'),
    pubstatus: wordOf('usable', 'withheld', 'canceled'),
    descriptions: list(written),
    headlines: list(written),
    bodies: list(
      object(
        { role: text, contenttype: text, charcount: number, wordcount: number, value: text },
        { required: ['value'] },
      ),
    ),
    people: list(object({ ...identified, ...contact })),
    organisations: list(object({ ...identified, ...contact, symbols: list(symbol) })),
    places: list(object({ ...identified, ...contact, geojson })),
    subjects: list(object({ ...identified, ...since(1, { creator: text, relevance: percent, confidence: percent }) })),
    events: list(concept),
    objects: list(concept),
    infosources: list(object({ name: text, role: text, uri: text, literal: text, ...contact })),
    renditions: list(
      object(
        {
          ...{ name: text, href: text, contenttype: text, title: text, format: text },
          ...{ height: number, width: number, sizeinbytes: number, duration: number },
        },
        { required: ['name'] },
      ),
    ),
    associations: list((value) => association(value)),
    altids: list(object({ role: text, value: text })),
    trustindicators: list(object({ role: text, title: text, href: text })),
    standard: object({ name: text, version: text, schema: text }),
    genres: list(object({ name: text, uri: text, literal: text })),
    rightsinfo: object(
      { langid: text, linkedrights: text, encodedrights: text },
      { isOpen: true, also: eitherOf('linkedrights', 'encodedrights') },
    ),
    ...since(1, { expires: text }),
    ...since(2, { digitalsourcetype: object({ name: text, uri: text, literal: text }) }),
  }
  const document = object(properties, { required: ['uri'] })
  const named = object({ ...properties, name: text }, { required: ['name', 'uri'] })
  // 2.0 leaves an association with a name free in all else.
  const association: Shape = minor >= 1 ? named : (value) => (hasName(value) ? null : document(value))
  return document
}

const hasName = (value: unknown): boolean => isObject(value) && typeof value.name === 'string'

const contactInfo = object(
  {
    ...{ type: text, role: text, lang: text, name: text, value: text },
    address: object({ lines: list(text), locality: text, area: text, postalcode: text, country: text }),
  },
  { also: eitherOf('value', 'address') },
)
