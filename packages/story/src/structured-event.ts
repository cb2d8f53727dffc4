const prefix = 'ce_'

/** Attributes whose structured form is a number. */
const numeric = new Set(['urgency', 'storyseq'])

/**
 * A record of `stories` (CloudEvents 1.0 Kafka binding, binary mode) as CloudEvents JSON (structured mode), one line of text.
 * `data` is the document as it stands, not parsed. Headers that are no CloudEvents attribute are left out.
 */
export function structuredEvent(record: {
  readonly headers: readonly (readonly [string, Uint8Array | string])[]
  readonly value: Uint8Array | null
}): string {
  const attributes: Record<string, string | number> = {}
  for (const [name, value] of record.headers) {
    const text =
      typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
    if (name === 'content-type') attributes.datacontenttype = text
    else if (name.startsWith(prefix))
      attributes[name.slice(prefix.length)] = numeric.has(name.slice(prefix.length)) ? Number(text) : text
  }
  const envelope = JSON.stringify(attributes)
  const data =
    record.value === null
      ? 'null'
      : Buffer.from(record.value.buffer, record.value.byteOffset, record.value.byteLength).toString('utf8')
  return `${envelope.slice(0, -1)},"data":${data}}`
}
