import { isUri } from '@dateline/story'
import { attribute, children, type XmlElement } from '../xml/xml-tree.ts'

/** Turns a qcode into the URI of its concept; undefined where the document names no vocabulary for its alias. */
export type Vocabulary = (qcode: string) => string | undefined

const newsCodes = 'http://cv.iptc.org/newscodes/'
const others = 'http://cvx.iptc.org/'

/** Aliases of IPTC's catalog for G2 (version 40, 2024-10-29) that a story can hold concepts of. */
const standard: ReadonlyMap<string, string> = new Map([
  ...Object.entries({
    altidrole: 'altidrole',
    aspfacet: 'asportfacet',
    aspfacetvalue: 'asportfacetvalue',
    cpnat: 'cpnature',
    cpprole: 'contentprodpartyrole',
    crel: 'conceptrelation',
    ctrol: 'contributorrole',
    cwarn: 'contentwarning',
    digsrctype: 'digitalsourcetype',
    drol: 'descriptionrole',
    erol: 'edrole',
    gen: 'generic',
    genre: 'genre',
    irel: 'itemrelation',
    isrol: 'infosourcerole',
    loctyp: 'location',
    medtop: 'mediatopic',
    ninat: 'ninature',
    nprod: 'newsproduct',
    nprov: 'newsprovider',
    oito: 'ofinterestto',
    prio: 'priority',
    prodgenre: 'productgenre',
    prov: 'provider',
    rnd: 'rendition',
    scn: 'scene',
    sig: 'signal',
    squ: 'subjectqualifier',
    stat: 'pubstatusg2',
    subj: 'subjectcode',
    tone: 'tone',
    trustindicator: 'trustindicator',
    urgy: 'urgency',
    wldreg: 'worldregion',
  }).map(([alias, name]) => [alias, `${newsCodes}${name}/`] as const),
  ...['isin', 'iso3166-1a2', 'iso3166-1a3', 'iso3166-2', 'parasport', 'ticker'].map(
    (alias) => [alias, `${others}${alias}/`] as const,
  ),
  ['dbpedia', 'http://dbpedia.org/resource/'],
  ['geonames', 'http://sws.geonames.org/'],
  ['geonameshttps', 'https://sws.geonames.org/'],
])

/** Means the media topics in every catalog: agencies repeat it in their own. */
const alwaysStandard = new Set(['medtop'])
const standardCatalog = /\biptc\.org\/std\/catalog\/catalog\.IPTC-G2-Standards_\d+\.xml$/

/**
 * The vocabularies of one item: schemes written in it, and IPTC's own where it refers to IPTC's catalog (or to none at all). Other
 * catalogs are not fetched, so their aliases stay unknown.
 */
export function vocabularyOf(item: XmlElement): Vocabulary {
  const own = schemesIn(item)
  const references = children(item, 'catalogRef').map((reference) => attribute(reference, 'href') ?? '')
  const isStandard =
    (references.length === 0 && own.size === 0) || references.some((href) => standardCatalog.test(href))
  return (qcode) => {
    const colon = qcode.indexOf(':')
    if (colon <= 0 || colon === qcode.length - 1) return undefined
    const alias = qcode.slice(0, colon)
    const scheme = own.get(alias) ?? (isStandard || alwaysStandard.has(alias) ? standard.get(alias) : undefined)
    if (scheme === undefined) return undefined
    const uri = scheme + qcode.slice(colon + 1)
    return isUri(uri) ? uri : undefined
  }
}

function schemesIn(item: XmlElement): Map<string, string> {
  const schemes = new Map<string, string>()
  for (const catalog of children(item, 'catalog')) {
    for (const scheme of children(catalog, 'scheme')) {
      const alias = attribute(scheme, 'alias')
      const uri = attribute(scheme, 'uri')
      if (alias !== undefined && uri !== undefined) schemes.set(alias, uri)
    }
  }
  return schemes
}
