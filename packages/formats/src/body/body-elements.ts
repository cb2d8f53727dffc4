/**
 * What becomes of an element in a body: `paragraph` and `container` stay as blocks, `inline` stays within them, `break` parts paragraphs
 * and goes, `line` is a line break, `drop` goes with all that is in it. Whatever is not listed goes and leaves its text.
 */
export type BodyElement =
  | { readonly kind: 'paragraph' | 'inline'; readonly tag: string }
  | { readonly kind: 'container'; readonly tag: string; readonly within: ReadonlySet<string> }
  | { readonly kind: 'break' | 'line' | 'drop' }

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Where a list, a table or a quote may stand; '' is the body itself. */
const flow = new Set(['', 'blockquote', 'li', 'dd', 'td', 'th'])

const elements = new Map<string, BodyElement>()

for (const tag of ['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']) elements.set(tag, { kind: 'paragraph', tag })
// NITF headlines within the text; AFP sends them in HTML too.
elements.set('hl1', { kind: 'paragraph', tag: 'h2' })
elements.set('hl2', { kind: 'paragraph', tag: 'h3' })

for (const tag of ['a', 'abbr', 'b', 'cite', 'code', 'em', 'i', 'q', 's', 'strong', 'sub', 'sup', 'u'])
  elements.set(tag, { kind: 'inline', tag })
elements.set('strike', { kind: 'inline', tag: 's' })
elements.set('del', { kind: 'inline', tag: 's' })

const containers: readonly (readonly [tag: string, within: ReadonlySet<string>])[] = [
  ['blockquote', flow],
  ['pre', flow],
  ['ul', flow],
  ['ol', flow],
  ['li', set('ul ol')],
  ['dl', flow],
  ['dt', set('dl')],
  ['dd', set('dl')],
  ['table', flow],
  ['caption', set('table')],
  ['thead', set('table')],
  ['tbody', set('table')],
  ['tfoot', set('table')],
  ['tr', set('table thead tbody tfoot')],
  ['td', set('tr')],
  ['th', set('tr')],
]
for (const [tag, within] of containers) elements.set(tag, { kind: 'container', tag, within })
// NITF calls a quote by its older name.
elements.set('bq', { kind: 'container', tag: 'blockquote', within: flow })

for (const name of set(
  'abstract address article aside block body body.content body.end byline center copyrite credit custom-table dateline datasource details div fieldset figcaption fn footer form header hr html main nav nitf-table note section summary tagline',
))
  elements.set(name, { kind: 'break' })

elements.set('br', { kind: 'line' })

for (const name of set(
  'applet area audio base button canvas col colgroup embed figure frame frameset head iframe img input link map math media meta nitf-table-metadata noembed noframes noscript object option param script select source style svg template textarea title track video xml',
))
  elements.set(name, { kind: 'drop' })

/** By local name in lower case. */
export const bodyElement = (name: string): BodyElement | undefined => elements.get(name)
