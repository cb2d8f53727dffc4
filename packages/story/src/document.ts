import type { PublishedStory } from '@dateline/contracts'
import type { Association, Concept, Rendition, Roled, Story } from './story.ts'
import { isUri, storyUri } from './story-uri.ts'
import { textCounts } from './text-counts.ts'

/** Absent values are undefined: JSON leaves them out. */
type Fields = Readonly<Partial<Record<keyof PublishedStory, unknown>>>

const standard = { name: 'ninjs', version: '3.1', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json' }

/**
 * The story as IPTC ninjs 3.1, in a fixed order of keys: `uri` first (absent for a story without an id), `altIds` last and never
 * empty, after `standard`; `completeDocument` counts on it. A story that is canceled or withheld gives the recall: no text.
 */
export function documentOf(story: Story, supplier: string): Fields {
  const uri = story.id === undefined ? undefined : storyUri(supplier, story.id)
  const pubStatus = story.pubStatus ?? 'usable'
  if (pubStatus !== 'usable') return recallFields(story, uri, pubStatus)
  return {
    uri,
    type: story.type ?? 'text',
    profile: story.profile,
    version: story.version,
    firstCreated: story.firstCreated,
    versionCreated: story.versionCreated,
    contentCreated: story.contentCreated,
    expires: story.expires,
    embargoedUntil: isInstant(story.embargoed) ? story.embargoed : undefined,
    pubStatus,
    urgency: story.urgency,
    language: story.language,
    headlines: headlinesOf(story.headlines),
    slugline: story.slugline,
    by: story.by,
    located: story.located,
    descriptions: descriptionsOf(story),
    bodies: bodiesOf(story),
    edNote: edNoteOf(story),
    subjects: subjectsOf(story),
    people: list(story.people, concept),
    organisations: list(story.organisations, concept),
    places: list(story.places, concept),
    objects: list(story.objects, concept),
    events: list(story.events, concept),
    genres: list(story.genres, genre),
    infoSources: list(story.infoSources, infoSource),
    copyrightHolder: story.copyrightHolder,
    copyrightNotice: story.copyrightNotice,
    usageTerms: story.usageTerms,
    renditions: list(story.renditions, rendition),
    associations: list(story.associations, (item) => association(item, supplier)),
    standard,
    altIds: altIdsOf(story),
  }
}

/** `documentOf` as JSON text. The same story gives the same text. */
export const toDocument = (story: Story, supplier: string): string => JSON.stringify(documentOf(story, supplier))

export interface KillNotice {
  readonly uri: string
  readonly pubStatus: 'canceled' | 'withheld'
  readonly version?: string
  readonly headline?: string
  readonly slugline?: string
  /** The reason. */
  readonly edNote?: string
}

/** The document of a kill that no agency's item stands behind: a desk's, or one of a story that never left. */
export function killDocument(notice: KillNotice): string {
  const { uri, pubStatus, version, headline, slugline, edNote } = notice
  const headlines = headline === undefined ? undefined : [{ role: 'main', value: headline }]
  return JSON.stringify({ uri, version, pubStatus, headlines, slugline, edNote, standard })
}

function recallFields(story: Story, uri: string | undefined, pubStatus: 'canceled' | 'withheld'): Fields {
  const { version, versionCreated, slugline } = story
  const headlines = headlinesOf(story.headlines)?.slice(0, 1)
  return { uri, version, versionCreated, pubStatus, headlines, slugline, edNote: edNoteOf(story), standard }
}

const isInstant = (text: string | undefined): boolean => text !== undefined && text !== 'indefinite' && text !== 'none'

function list<T>(values: readonly T[] | undefined, map: (value: T) => object): object[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values.map(map)
}

/** The headline comes first and is `main`; others keep their role. */
function headlinesOf(headlines: readonly Roled[] | undefined): object[] | undefined {
  if (headlines === undefined || headlines.length === 0) return undefined
  const at = Math.max(
    headlines.findIndex(({ role }) => role === undefined || role === 'main'),
    0,
  )
  const main = { role: 'main', value: headlines[at]?.value }
  const others = headlines.filter((_, index) => index !== at)
  return [main, ...others.map(({ role, value }) => ({ role: role === 'main' ? undefined : role, value }))]
}

function descriptionsOf(story: Story): object[] | undefined {
  const descriptions: object[] = (story.descriptions ?? []).map(({ role, value }) => ({ role, value }))
  if (story.dateline !== undefined) descriptions.push({ role: 'dateline', value: story.dateline })
  return descriptions.length > 0 ? descriptions : undefined
}

function bodiesOf({ bodyHtml, bodyText }: Story): object[] | undefined {
  if (bodyHtml === undefined && bodyText === undefined) return undefined
  const { charCount, wordCount } = bodyText === undefined ? {} : textCounts(bodyText)
  const counted = (role: string, contentType: string, value: string) => ({
    role,
    contentType,
    charCount,
    wordCount,
    value,
  })
  const bodies = bodyHtml === undefined ? [] : [counted('main', 'text/html', bodyHtml)]
  if (bodyText !== undefined) bodies.push(counted(bodies.length > 0 ? 'text' : 'main', 'text/plain', bodyText))
  return bodies
}

const edNoteOf = ({ edNotes }: Story): string | undefined =>
  edNotes === undefined || edNotes.length === 0 ? undefined : edNotes.join('\n')

function subjectsOf({ section, keywords, subjects }: Story): object[] | undefined {
  const all: object[] = section === undefined ? [] : [{ name: section, rel: 'section' }]
  for (const name of keywords ?? []) all.push({ name, rel: 'keyword' })
  for (const subject of subjects ?? []) all.push(concept(subject))
  return all.length > 0 ? all : undefined
}

/** What is not an absolute URI becomes the literal, so that one odd code does not cost the story. */
function identity({ uri, literal }: Concept): {
  readonly uri: string | undefined
  readonly literal: string | undefined
} {
  return uri === undefined || isUri(uri) ? { uri, literal } : { uri: undefined, literal: literal ?? uri }
}

const concept = (value: Concept): object => ({ name: value.name, rel: value.rel, ...identity(value) })
const genre = (value: Concept): object => ({ name: value.name, ...identity(value) })
const infoSource = (value: Concept): object => ({ name: value.name, role: value.role, ...identity(value) })

function rendition({ name, href, contentType, title, width, height, sizeInBytes }: Rendition): object {
  const link = href !== undefined && isUri(href) ? href : undefined
  return { name, href: link, contentType, title, width, height, sizeInBytes }
}

function association(value: Association, supplier: string): object {
  return {
    uri: storyUri(supplier, value.uri),
    type: value.type,
    headlines: value.headline === undefined ? undefined : [{ role: 'main', value: value.headline }],
    by: value.by,
    descriptions: value.caption === undefined ? undefined : [{ role: 'caption', value: value.caption }],
    renditions: list(value.renditions, rendition),
    name: value.name,
  }
}

/** Roles that begin with `dateline:` are ours: a supplier's would pass for a story key or sequence. */
function altIdsOf({ altIds }: Story): object[] | undefined {
  const own = (altIds ?? []).filter(({ role }) => !role.startsWith('dateline:'))
  return list(own, ({ role, value }) => ({ role, value }))
}
