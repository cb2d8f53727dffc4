import { isEmpty, type JsonObject } from '../json/json-values.ts'

const mostUnmapped = 50

/** Properties that a story has a place for, or that say nothing of it, in the spellings of all generations. */
const known = new Set(
  `$standard standard uri guid type profile mimetype representationtype version firstcreated versioncreated contentcreated expires embargoed
  embargoeduntil pubstatus urgency priority copyrightholder copyrightnotice usageterms ednote language headline headlines slugline by byline
  located descriptions bodies people person organisations organisation places place objects object events event genres genre subjects subject
  service keywords keyword infosources infosource source renditions associations altids signal signals replacing revisions evolvedfrom
  charcount wordcount readtime`.split(/\s+/),
)
const patterned = /^(?:body|description|headline)_/
/** Keys with an underscore first are a data base's, not the agency's. */
const isOfStorage = (key: string): boolean => key.startsWith('_')

/** Names of the properties with a value that nothing was made of. */
export const unmappedIn = (document: JsonObject): string[] =>
  Object.keys(document)
    .filter(
      (key) =>
        !known.has(key) &&
        !known.has(key.toLowerCase()) &&
        !patterned.test(key) &&
        !isOfStorage(key) &&
        !isEmpty(document[key]),
    )
    .slice(0, mostUnmapped)

/** Changes from delivery to delivery of the same item. */
const ofTransmission = new Set(['sent', 'datetimesent', 'transmitid', 'transmissionid', 'readtime'])

/** The item without what belongs to its delivery or its storage, as text: equal for the same item, however it is spaced. */
export function sourceOf(document: JsonObject): string {
  const isOwn = (key: string): boolean => !isOfStorage(key) && !ofTransmission.has(key.toLowerCase())
  if (Object.keys(document).every(isOwn)) return JSON.stringify(document)
  return JSON.stringify(Object.fromEntries(Object.entries(document).filter(([key]) => isOwn(key))))
}
