import { isObject, listOf, put, textOf, textsOf } from '../json/json-values.ts'
import { putPubStatus } from '../json/pub-status.ts'
import { type JsonReading, putEmbargo } from '../json/reading.ts'
import { putUrgency } from '../json/urgency.ts'

/** AP's documentation: "do not use the pubstatus property alone"; these say more than it, whatever it says. */
const killing = new Set(['kill', 'elimination'])
const withholding = new Set(['withhold', 'disregard'])
const correcting = new Set(['correction', 'corrective', 'clarification'])

/** The letters that AP sends as `editorialpriority`, on its scale of urgency: flash, bulletin, urgent, routine, daily, and for release later. */
const priorities = new Map([...'fburdwas'].map((letter, at) => [letter, at + 1]))

/** Status, embargo, urgency and signals of an item, as pubstatus, editorialtypes and embargoed say together. */
export function putApStatus(reading: JsonReading): void {
  const { item, story } = reading
  const types = listOf(item.editorialtypes).flatMap((type) => textOf(isObject(type) ? type.name : type) ?? [])
  const isIn = (set: ReadonlySet<string>): boolean => types.some((type) => set.has(type.toLowerCase()))
  const isEmbargoed = putPubStatus(reading, item.pubstatus)
  if (isIn(killing)) story.pubStatus = 'canceled'
  else if (isIn(withholding) && story.pubStatus !== 'canceled') story.pubStatus = 'withheld'
  if (isIn(correcting)) story.change = 'correction'
  putEmbargo(reading, item.embargoed, isEmbargoed || isIn(new Set(['holdforrelease'])))
  if (textOf(item.urgency) === undefined) putUrgency(reading, item.editorialpriority, priorities)
  else putUrgency(reading, item.urgency)
  const signals = textsOf(item.signals)
  const all = [...signals, ...types.map((type) => `editorialtype:${type}`)]
  put(story, 'signals', [...new Set(all.map((signal) => signal.replace(/\s+/g, '-')))])
}
