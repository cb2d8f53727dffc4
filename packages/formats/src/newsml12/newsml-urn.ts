/** The parts of `urn:newsml:<provider>:<date>:<item>:<revision><update>`. */
export interface NewsmlUrn {
  readonly provider: string
  /** YYYYMMDD. */
  readonly day: string
  readonly item: string
  readonly revision?: string
}

const longest = 500
const urn = /^urn:newsml:([^:\s]+):(\d{8})(?:T\d{4,6}(?:Z|[+-]\d\d:?\d\d)?)?:(\S+)$/
const revised = /^(.+):(\d{1,15})[NUA]?$/
const date = /^(\d{4})-?(\d\d)-?(\d\d)(?!\d)/

/** null for what names no item: Belga's is the same for all of them. */
export function readNewsmlUrn(text: string): NewsmlUrn | null {
  if (text.length > longest) return null
  const [, provider, day, rest] = urn.exec(text) ?? []
  if (provider === undefined || day === undefined || rest === undefined) return null
  const [, item, revision] = revised.exec(rest) ?? []
  return item === undefined || revision === undefined
    ? { provider, day, item: rest }
    : { provider, day, item, revision }
}

/**
 * The name of an item in all its revisions. The date is a day in it: the standard has a day there, and agencies that send a time set
 * another with each revision (AFP, EFE and Belga; seen 2014 to 2026).
 */
export const storyUrn = ({ provider, day, item }: NewsmlUrn): string => `urn:newsml:${provider}:${day}:${item}`

/** YYYYMMDD of a DateId; undefined where it does not begin with a day. */
export function dayOf(dateId: string | undefined): string | undefined {
  const found = dateId === undefined ? null : date.exec(dateId)
  return found === null ? undefined : `${found[1]}${found[2]}${found[3]}`
}
