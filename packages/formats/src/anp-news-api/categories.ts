import type { Concept } from '@dateline/story'
import { conceptOf } from '../json/concept-values.ts'
import { textOf } from '../json/json-values.ts'

/** ANP's categories by code. */
const names: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'XANP/BIN': 'Binnenland',
    'XANP/BUI': 'Buitenland',
    'XANP/ECO': 'Economie',
    'XANP/SPO': 'Sport',
    'XANP/VOETBAL': 'Voetbal',
    'XANP/POLITIEK': 'Politiek',
    'XANP/WEER': 'Weer',
    'XANP/WEERUPDATES': 'Weerupdates',
    'XANP/KLIMAAT': 'Klimaat',
    'XANP/GEZOND': 'Gezondheid',
    'XANP/SCIENCE': 'Wetenschap',
    'ANP/ENTERTAINMENT': 'Entertainment',
    'ANP/MUZIEK': 'Muziek',
    'ANP/FILM': 'Film',
    'ANP/MEDIA': 'Media',
    'ANP/KUNST-CULTUUR': 'Kunst en cultuur',
    'ANP/OPMERKELIJK': 'Opmerkelijk',
    'XANP/AUTOMOTIVE': 'Automotive',
    'XANP/TEAMNL': 'TeamNL',
  }),
)

/** Folders of tests and machines. */
const idle = new Set(['DUMMY', 'ZTESTFOLDER'])

/** A category as a subject: by its code, with the name where the code is known; one in words by its name. null for none. */
export function categoryOf(sent: unknown): Concept | null {
  const text = textOf(sent)
  if (text === undefined || idle.has(text.toUpperCase())) return null
  const name = names.get(text.toUpperCase())
  const isCode = name !== undefined || text.includes('/') || /^[A-Z0-9]{2,12}$/.test(text)
  return isCode ? conceptOf(name, text, 'category') : conceptOf(text, undefined, 'category')
}
