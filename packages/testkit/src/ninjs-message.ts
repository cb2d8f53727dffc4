import { inventedParagraphs, inventedSentence } from './invented-text.ts'

export interface NinjsMessageOptions {
  /** Makes text that differs from number to number; 1 unless said. */
  readonly number?: number
  readonly uri?: string
  readonly version?: string | number
  readonly versionCreated?: string
  readonly headline?: string
  /** HTML; about 2,200 characters of invented text with a dateline unless said. */
  readonly body?: string
  readonly pubStatus?: string
  readonly urgency?: number
  readonly embargoed?: string
  readonly edNote?: string
  readonly language?: string
  /** Further properties; they go over the others. undefined removes one. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** A ninjs 1.6 message as an agency would push it: about 3 KB, the same bytes for the same options. */
export function ninjsMessage(options: NinjsMessageOptions = {}): Buffer {
  const number = options.number ?? 1
  const [first = '', ...others] = inventedParagraphs(number, 1_900)
  const body = [`DEN HAAG (ANP/RTR) - ${first}`, ...others].map((paragraph) => `<p>${paragraph}</p>`).join('')
  return Buffer.from(
    JSON.stringify({
      $standard: { name: 'ninjs', version: '1.6', schema: 'http://www.iptc.org/std/ninjs/ninjs-schema_1.6.json' },
      uri: options.uri ?? `urn:newsml:agency.example:20260120:story-${number}`,
      type: 'text',
      version: options.version ?? '1',
      firstcreated: '2026-01-20T08:00:00Z',
      versioncreated: options.versionCreated ?? '2026-01-20T08:00:00Z',
      ...(options.embargoed === undefined ? {} : { embargoed: options.embargoed }),
      pubstatus: options.pubStatus ?? 'usable',
      urgency: options.urgency ?? 4,
      language: options.language ?? 'nl',
      copyrightholder: 'Agency',
      copyrightnotice: '© 2026 Agency. Alle rechten voorbehouden.',
      ...(options.edNote === undefined ? {} : { ednote: options.edNote }),
      slugline: `haven-brug-${number}`,
      byline: 'Anna de Wit',
      headline: options.headline ?? inventedSentence(number).slice(0, 80),
      subject: [
        { name: 'verkeer', rel: 'about', scheme: 'http://cv.iptc.org/newscodes/mediatopic/', code: '20000337' },
        { name: 'bestuur', rel: 'about', scheme: 'http://cv.iptc.org/newscodes/mediatopic/', code: '11000000' },
      ],
      place: [{ name: 'Waterhuizen', rel: 'mentions' }],
      body_html: options.body ?? body,
      ...options.extra,
    }),
  )
}
