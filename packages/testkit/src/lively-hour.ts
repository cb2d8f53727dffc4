/** One move of the made-up agency: what it sends, and what a newsroom's engineer should learn from it. */
export interface AgencyMove {
  /** Minute of the hour, 0 to 59. */
  readonly minute: number
  readonly feed: string
  readonly say: string
  readonly message: AgencyMessage
}

export type AgencyMessage =
  | { readonly format: 'newsml-g2' | 'ninjs'; readonly story: AgencyStory }
  | { readonly format: 'page'; readonly page: 'first' | 'again' }
  | { readonly format: 'raw'; readonly bytes: string; readonly contentType: string }

export interface AgencyStory {
  readonly id: string
  readonly version: number
  readonly headline: string
  readonly body: readonly string[]
  readonly urgency?: number
  readonly pubStatus?: 'canceled' | 'withheld'
  readonly edNote?: string
  readonly isCorrection?: boolean
  /** Seconds from now until the embargo ends. */
  readonly embargoSeconds?: number
}

const bridge = (
  version: number,
  headline: string,
  body: readonly string[],
  rest: Partial<AgencyStory> = {},
): AgencyStory => ({ id: 'urn:newsml:noordzee.example:20260120:brug-17', version, headline, body, ...rest })

const bridgeStaysShut = bridge(
  2,
  'Brug over de Waterloop nog dagen dicht',
  [
    'HAVENSTAD (NZP) - De brug over de Waterloop blijft zeker tot vrijdag gesloten, zegt de waterbeheerder.',
    'Duikers onderzoeken de pijler die dinsdag door een duwboot werd geraakt.',
  ],
  { urgency: 3 },
)

const directorLeaves: AgencyStory = {
  id: 'https://noordzee.example/items/8853',
  version: 1,
  headline: 'Directeur van de schouwburg stapt op',
  urgency: 4,
  body: ['De directeur van schouwburg De Kom vertrekt per direct, melden bronnen.'],
}

/** A lively hour of an agency that does not exist: versions, a correction, a flash, a kill, repeats, a late version, a broken message, an embargo. */
export const livelyHour: readonly AgencyMove[] = [
  {
    minute: 0,
    feed: 'nzp-newsml',
    say: 'a first story, in NewsML-G2',
    message: {
      format: 'newsml-g2',
      story: bridge(
        1,
        'Brug over de Waterloop dicht na aanvaring',
        [
          'HAVENSTAD (NZP) - De brug over de Waterloop is dinsdag gesloten nadat een duwboot een pijler had geraakt.',
          'Niemand raakte gewond. Het verkeer wordt omgeleid via de tunnel.',
        ],
        { urgency: 3 },
      ),
    },
  },
  {
    minute: 4,
    feed: 'nzp-json',
    say: 'another, in ninjs',
    message: {
      format: 'ninjs',
      story: {
        id: 'https://noordzee.example/items/8841',
        version: 1,
        headline: 'Gemeente wil oude watertoren behouden',
        urgency: 5,
        body: [
          'De gemeente Havenstad wil de watertoren uit 1911 kopen. De raad stemt volgende maand over het voorstel.',
          'De toren staat al tien jaar leeg.',
        ],
      },
    },
  },
  {
    minute: 9,
    feed: 'nzp-newsml',
    say: 'version 2 of the bridge',
    message: {
      format: 'newsml-g2',
      story: bridgeStaysShut,
    },
  },
  {
    minute: 12,
    feed: 'nzp-newsml',
    say: 'version 2 once more: agencies repeat themselves',
    message: {
      format: 'newsml-g2',
      story: bridgeStaysShut,
    },
  },
  {
    minute: 15,
    feed: 'nzp-newsml',
    say: 'a flash: urgency 1 takes its own lane',
    message: {
      format: 'newsml-g2',
      story: {
        id: 'urn:newsml:noordzee.example:20260120:flits-3',
        version: 1,
        headline: 'Stormvloedkering voor het eerst dit jaar dicht',
        urgency: 1,
        body: ['HAVENSTAD (NZP) - De stormvloedkering is dinsdagavond gesloten.'],
      },
    },
  },
  {
    minute: 19,
    feed: 'nzp-json',
    say: 'a broken message: rejected, kept, and nothing else stops',
    message: {
      format: 'raw',
      contentType: 'application/json',
      bytes: '{"uri":"https://noordzee.example/items/8842","headline":"Dit bericht breekt af midden in een zi',
    },
  },
  {
    minute: 23,
    feed: 'nzp-newsml',
    say: 'a correction of the bridge: version 3',
    message: {
      format: 'newsml-g2',
      story: bridge(
        3,
        'Brug over de Waterloop dicht tot zaterdag',
        [
          'HAVENSTAD (NZP) - De brug over de Waterloop blijft tot zaterdag gesloten, niet tot vrijdag zoals eerder gemeld.',
        ],
        { urgency: 3, isCorrection: true, edNote: 'Correctie: dag van heropening' },
      ),
    },
  },
  {
    minute: 26,
    feed: 'nzp-newsml',
    say: 'version 1 of the bridge, an hour late on some cable: stale',
    message: {
      format: 'newsml-g2',
      story: bridge(
        1,
        'Brug over de Waterloop dicht na aanvaring (oud)',
        ['HAVENSTAD (NZP) - De brug over de Waterloop is dinsdag gesloten.'],
        { urgency: 3 },
      ),
    },
  },
  {
    minute: 30,
    feed: 'nzp-site',
    say: 'a captured page of the agency’s site: one message, many stories',
    message: { format: 'page', page: 'first' },
  },
  {
    minute: 37,
    feed: 'nzp-site',
    say: 'the same page seven minutes later: only its relative times changed',
    message: { format: 'page', page: 'again' },
  },
  {
    minute: 41,
    feed: 'nzp-json',
    say: 'a story under embargo: held until it is due',
    message: {
      format: 'ninjs',
      story: {
        id: 'https://noordzee.example/items/8850',
        version: 1,
        headline: 'Jaarcijfers van de haven',
        urgency: 4,
        embargoSeconds: 4,
        body: [
          'De haven van Havenstad verwerkte vorig jaar 14 miljoen ton goederen, 3 procent meer dan het jaar ervoor.',
        ],
      },
    },
  },
  {
    minute: 46,
    feed: 'nzp-json',
    say: 'a story that turns out to be wrong',
    message: {
      format: 'ninjs',
      story: directorLeaves,
    },
  },
  {
    minute: 51,
    feed: 'nzp-json',
    say: 'and its kill: it goes to everyone, whatever their filters',
    message: {
      format: 'ninjs',
      story: {
        id: directorLeaves.id,
        version: 2,
        headline: directorLeaves.headline,
        pubStatus: 'canceled',
        edNote: 'Bericht is onjuist, niet gebruiken. De directeur blijft aan.',
        body: [],
      },
    },
  },
  {
    minute: 54,
    feed: 'nzp-json',
    say: 'the killed story again, from a slow relay: it stays killed',
    message: {
      format: 'ninjs',
      story: directorLeaves,
    },
  },
]
