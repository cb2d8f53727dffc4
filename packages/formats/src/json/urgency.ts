import { put, textOf } from './json-values.ts'
import type { JsonReading } from './reading.ts'

/** Puts an urgency as sent, and on IPTC's scale: a supplier's own is translated, else one of 1 to 9 stands for itself. */
export function putUrgency({ story }: JsonReading, sent: unknown, scale?: ReadonlyMap<string, number>): void {
  const text = textOf(sent)
  put(story, 'supplierUrgency', text)
  if (text === undefined) return
  if (scale !== undefined) put(story, 'urgency', scale.get(text.toLowerCase()))
  else if (/^[1-9](?:\.0+)?$/.test(text)) story.urgency = Number(text)
}
