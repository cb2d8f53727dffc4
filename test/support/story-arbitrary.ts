import type { Association, Concept, Rendition, Story } from '@dateline/story'
import fc from 'fast-check'

/** Texts as wires have them: marks, quotes, all planes, the signs that end a document. */
const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.constantFrom(
    '}]}',
    '"altIds":[{',
    '{"uri":',
    '\\',
    '\u2028',
    "d'Ivoire <b>&amp;",
    'medtop:20000587',
    'urn:newsml:a:1',
    'http://x.test/é',
  ),
)
const instant = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const type = fc.constantFrom('text', 'audio', 'video', 'picture', 'graphic', 'composite')
const size = fc.nat()
/** A value with any of these properties, absent or there. */
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 })

const concept = some({ name: text, uri: text, literal: text, rel: text, role: text }) as fc.Arbitrary<Concept>
const roled = fc.record({ role: text, value: text }, { requiredKeys: ['value'] })
const rendition = fc.record(
  { name: text, href: text, contentType: text, title: text, width: size, height: size, sizeInBytes: size },
  { requiredKeys: ['name'] },
) as fc.Arbitrary<Rendition>
const association = fc.record(
  { name: text, uri: text, type, headline: text, caption: text, by: text, renditions: list(rendition) },
  { requiredKeys: ['name', 'uri'] },
) as fc.Arbitrary<Association>

/** Any story that keeps to what its type says of instants, urgency and sizes. */
export const anyStory = some<Required<Story>>({
  id: text,
  version: text,
  versionCreated: instant,
  firstCreated: instant,
  contentCreated: instant,
  expires: instant,
  type,
  profile: text,
  pubStatus: fc.constantFrom('usable', 'withheld', 'canceled'),
  embargoed: fc.oneof(instant, fc.constantFrom('indefinite', 'none')),
  urgency: fc.integer({ min: 1, max: 9 }),
  supplierUrgency: text,
  language: text,
  headlines: list(roled),
  slugline: text,
  by: text,
  dateline: text,
  located: text,
  bodyHtml: text,
  bodyText: text,
  descriptions: list(roled),
  edNotes: list(text),
  section: text,
  keywords: list(text),
  subjects: list(concept),
  people: list(concept),
  organisations: list(concept),
  places: list(concept),
  objects: list(concept),
  events: list(concept),
  genres: list(concept),
  infoSources: list(concept),
  copyrightHolder: text,
  copyrightNotice: text,
  usageTerms: text,
  signals: list(text),
  change: fc.constantFrom('correction', 'repeat'),
  replaces: list(text),
  altIds: list(fc.record({ role: fc.oneof(text, fc.constant('dateline:storyseq')), value: text })),
  renditions: list(rendition),
  associations: list(association),
  flags: list(text),
  unmapped: list(text),
}) as fc.Arbitrary<Story>
