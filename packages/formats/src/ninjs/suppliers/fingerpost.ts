import { isObject, type JsonObject, listOf, textOf } from '../../json/json-values.ts'

/** Fingerpost's name, and that of ninjs 1.x. */
const names: readonly (readonly [sent: string, ninjs: string])[] = [
  ['slug', 'slugline'],
  ['status', 'pubstatus'],
  ['firstVersion', 'firstcreated'],
  ['usage', 'usageterms'],
  ['location', 'located'],
  ['abstract', 'description_abstract'],
  ['subhead', 'headline_subhead'],
  ['source-feed', 'infosource'],
]
/** Of its own bookkeeping, or said elsewhere. */
const idle = ['unique-name', 'format', 'mimeType', 'originalUrn', 'dateTimeSent', 'tabVtxt']

/** Whether Fingerpost's gateway made the document: it names the feed that it was made from. */
export const isFingerpost = (document: JsonObject): boolean => textOf(document['source-feed']) !== undefined

/**
 * A document of Fingerpost in the words of ninjs 1.x (seen in 2026, of PA and Reuters). All values are texts, empty where it knows none.
 * `uri` is new with every version, `usn` is not. Line breaks in the body may be written as the two characters `\n`.
 */
export function fromFingerpost(document: JsonObject): JsonObject {
  const own: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(document)) if (value !== '' && !idle.includes(key)) own[key] = value
  for (const [sent, ninjs] of names) {
    if (own[sent] !== undefined && own[ninjs] === undefined) own[ninjs] = own[sent]
    delete own[sent]
  }
  const usn = textOf(own.usn)
  if (usn !== undefined) {
    own.altids = { ...(isObject(own.altids) ? own.altids : {}), uri: own.uri }
    own.uri = usn
    delete own.usn
  }
  const body = textOf(own.body_text)
  if (body !== undefined) putBody(own, body.replaceAll('\\r\\n', '\n').replaceAll('\\n', '\n'))
  putSubjects(own)
  return own
}

/** Called text, the body is HTML wherever the agency's was. */
function putBody(own: Record<string, unknown>, body: string): void {
  if (!/<(?:p|br|div)[\s/>]/i.test(body)) {
    own.body_text = body
    return
  }
  delete own.body_text
  own.body_html = body
}

/** Codes of the agency, and what it says more of them in its own ninjs. */
function putSubjects(own: Record<string, unknown>): void {
  const agency = isObject(own.agencyMetadata) ? own.agencyMetadata : {}
  const codes = listOf(isObject(own.subjects) ? own.subjects.code : undefined)
  const categories = listOf(own.mediaCatCodes).map((code) => ({ code, rel: 'category' }))
  const destinations = listOf(isObject(own.destinations) ? own.destinations.code : undefined)
  own.subject = [
    ...listOf(agency.subject),
    ...(agency.subject === undefined ? codes.map((code) => ({ code })) : []),
    ...categories,
    ...destinations.map((code) => ({ code, rel: 'destination' })),
  ]
  if (agency.place !== undefined) own.place = agency.place
  if (agency.event !== undefined) own.event = agency.event
  for (const key of ['subjects', 'mediaCatCodes', 'destinations', 'agencyMetadata']) delete own[key]
  if (isObject(own.organisation)) {
    const symbols = listOf(own.organisation.symbols).filter((symbol) => textOf(symbol) !== undefined)
    own.organisation = symbols.map((code) => ({ code }))
  }
}
