import {
  anyObject,
  eitherOf,
  list,
  number,
  object,
  type Properties,
  type Shape,
  text,
  whole,
  wordOf,
} from './shapes.ts'

/** ninjs 1.1 to 1.6, by the minor number. IPTC's schemas name formats of dates and URIs but do not demand them. */
export function generation1(minor: number): Shape {
  const since = (first: number, properties: Properties): Properties => (minor >= first ? properties : {})
  const percent = whole(0, 100)
  const named = { name: text, rel: text, scheme: text, code: text }
  const contact = since(5, { contactinfo: list(contactInfo) })
  const symbol = object({ ticker: text, exchange: text, ...since(5, { symboltype: text, symbol: text }) })
  const concept = object(named)
  const rendition = object({
    ...{ href: text, mimetype: text, title: text, height: number, width: number, sizeinbytes: number },
    ...since(2, { duration: number, format: text }),
  })
  const keys = minor >= 3 ? /^[a-zA-Z0-9_]/ : /^[a-zA-Z0-9]/
  const document: Shape = object(
    {
      ...{ uri: text, mimetype: text, profile: text, version: text, versioncreated: text, embargoed: text },
      ...{ copyrightholder: text, copyrightnotice: text, usageterms: text, language: text },
      ...{ byline: text, headline: text, located: text, urgency: number },
      type: wordOf('text', 'audio', 'video', 'picture', 'graphic', 'composite', ...(minor >= 2 ? ['component'] : [])),
      representationtype: wordOf('complete', 'incomplete'),
      pubstatus: wordOf('usable', 'withheld', 'canceled'),
      person: list(object({ ...named, ...contact })),
      organisation: list(object({ ...named, ...contact, symbols: list(symbol) })),
      place: list(object({ ...named, ...contact }, { patterns: [[/^geometry_[a-zA-Z0-9_]/, anyObject]] })),
      subject: list(object({ ...named, ...since(5, { creator: text, relevance: percent, confidence: percent }) })),
      event: list(concept),
      object: list(concept),
      renditions: object({}, { patterns: [[keys, rendition]] }),
      associations: object({}, { patterns: [[keys, (value) => document(value)]] }),
      ...since(2, {
        firstcreated: text,
        ednote: text,
        title: text,
        slugline: text,
        charcount: number,
        wordcount: number,
      }),
      ...since(2, { infosource: list(object({ ...named, ...contact })) }),
      ...since(3, {
        $standard: object({ name: text, version: text, schema: text }),
        altids: anyObject,
        genre: list(object({ name: text, scheme: text, code: text })),
        trustindicator: list(object({ scheme: text, code: text, title: text, href: text })),
      }),
      ...since(4, {
        contentcreated: text,
        expires: text,
        rightsinfo: object(
          { langid: text, linkedrights: text, encodedrights: text },
          { isOpen: true, also: eitherOf('linkedrights', 'encodedrights') },
        ),
      }),
      ...since(6, { digitalsourcetype: object({ name: text, uri: text, literal: text }) }),
    },
    {
      required: ['uri'],
      patterns: [
        [minor >= 3 ? /^(?:description|body|headline)_[a-zA-Z0-9_]/ : /^(?:description|body)_[a-zA-Z0-9_]/, text],
      ],
    },
  )
  return document
}

const contactInfo = object(
  {
    ...{ type: text, role: text, lang: text, name: text, value: text },
    address: object({ lines: list(text), locality: text, area: text, postalcode: text, country: text }),
  },
  { also: eitherOf('value', 'address') },
)
