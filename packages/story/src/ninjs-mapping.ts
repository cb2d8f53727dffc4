import type { PublishedStory } from '@dateline/contracts'
import type { Story } from './story.ts'

export interface MappedField {
  /** Where it stands in the document; none: ninjs has no field for it. */
  readonly ninjs: readonly (keyof PublishedStory)[]
  readonly how: string
}

/** Every field of a story, and where a consumer finds it. `docs/mapping.md` is made of this list, and a test holds `toDocument` to it. */
export const ninjsMapping: Readonly<Record<keyof Story, MappedField>> = {
  id: { ninjs: ['uri'], how: 'as it is where it is a URI or URN, else `urn:dateline:<supplier>:<percent-encoded id>`' },
  version: { ninjs: ['version'], how: 'as sent' },
  versionCreated: { ninjs: ['versionCreated'], how: 'RFC 3339' },
  firstCreated: { ninjs: ['firstCreated'], how: 'RFC 3339' },
  contentCreated: { ninjs: ['contentCreated'], how: 'RFC 3339' },
  expires: { ninjs: ['expires'], how: 'RFC 3339' },
  type: { ninjs: ['type'], how: '`text` unless said' },
  profile: { ninjs: ['profile'], how: 'as sent' },
  pubStatus: { ninjs: ['pubStatus'], how: '`usable` unless said; `canceled` and `withheld` give the recall: no text' },
  embargoed: { ninjs: ['embargoedUntil'], how: 'an instant only; an embargo without a date has no ninjs field' },
  urgency: { ninjs: ['urgency'], how: 'IPTC scale; also attribute `urgency`' },
  supplierUrgency: { ninjs: [], how: 'not published' },
  language: { ninjs: ['language'], how: 'BCP 47' },
  headlines: { ninjs: ['headlines'], how: 'the headline first, with role `main`' },
  slugline: { ninjs: ['slugline'], how: 'as sent' },
  by: { ninjs: ['by'], how: 'as printed' },
  dateline: { ninjs: ['descriptions'], how: 'as printed, with role `dateline`; not in the bodies' },
  located: { ninjs: ['located'], how: 'the city, as running text has it' },
  bodyHtml: { ninjs: ['bodies'], how: '`text/html`, role `main`' },
  bodyText: {
    ninjs: ['bodies'],
    how: '`text/plain`, role `text` (`main` where it is alone); gives `charCount` and `wordCount`',
  },
  descriptions: { ninjs: ['descriptions'], how: 'with their roles' },
  edNotes: { ninjs: ['edNote'], how: 'one a line' },
  section: { ninjs: ['subjects'], how: 'rel `section`' },
  keywords: { ninjs: ['subjects'], how: 'rel `keyword`' },
  subjects: { ninjs: ['subjects'], how: 'name, rel, uri, literal' },
  people: { ninjs: ['people'], how: 'name, rel, uri, literal' },
  organisations: { ninjs: ['organisations'], how: 'name, rel, uri, literal' },
  places: { ninjs: ['places'], how: 'name, rel, uri, literal' },
  objects: { ninjs: ['objects'], how: 'name, rel, uri, literal' },
  events: { ninjs: ['events'], how: 'name, rel, uri, literal' },
  genres: { ninjs: ['genres'], how: 'name, uri, literal' },
  infoSources: { ninjs: ['infoSources'], how: 'credits in the order printed; literal is the code' },
  copyrightHolder: { ninjs: ['copyrightHolder'], how: 'as sent' },
  copyrightNotice: { ninjs: ['copyrightNotice'], how: 'as sent' },
  usageTerms: { ninjs: ['usageTerms'], how: 'as sent' },
  signals: { ninjs: [], how: 'attribute `signals`' },
  change: { ninjs: [], how: 'attribute `change`, and the event type' },
  replaces: { ninjs: [], how: 'attribute `replaces`, as story keys' },
  altIds: { ninjs: ['altIds'], how: 'with their roles, but for those that begin with `dateline:`' },
  renditions: { ninjs: ['renditions'], how: 'as sent; a link that is no URI is left out' },
  associations: {
    ninjs: ['associations'],
    how: "uri as the story's own; headline, by, caption (as a description), renditions",
  },
  flags: { ninjs: [], how: 'on the item in `stories.parsed`; counted per feed: `dateline_flags_total`' },
  unmapped: { ninjs: [], how: 'counted per feed and path: `dateline_unmapped_total`' },
}

/** The list as a page of Markdown. */
export function mappingPage(): string {
  const rows = Object.entries(ninjsMapping).map(([field, { ninjs, how }]) => {
    const where = ninjs.length > 0 ? ninjs.map((name) => `\`${name}\``).join(', ') : '—'
    return `| \`${field}\` | ${where} | ${how} |`
  })
  return `${intro}${rows.join('\n')}\n`
}

const intro = `# Story to ninjs 3.1

What Dateline reads from a wire message, and where it stands in the published document. Attributes are those of the CloudEvents
envelope beside it. \`standard\` names the schema; \`altIds\` is always the last property, and the publisher adds story key, sequence,
revision and receipt to it (roles \`dateline:…\`). A recall has uri, version, versionCreated, pubStatus, headline, slugline and edNote
alone.

This page is made from \`packages/story/src/ninjs-mapping.ts\`; \`pnpm exec vitest run -u packages/story\` writes it anew.

| story | ninjs | how |
|---|---|---|
`
