import { type Instant, readInstant, timeFlags } from './dates.ts'

/** A reading that has times: the IANA zone of those that carry none, and where doubts about them are noted. */
interface TimesOfReading {
  readonly timezone: string | undefined
  readonly flags: Set<string>
}

/** The instant that was read, its doubts flagged; undefined for one that could not be read, which is flagged as `unreadable`. */
export function flaggedInstant(
  read: Instant | null,
  flags: Set<string>,
  unreadable = 'time-unreadable',
): string | undefined {
  for (const flag of read === null ? [unreadable] : timeFlags(read)) flags.add(flag)
  return read?.instant
}

/** A time as sent; undefined for none and for one that cannot be read, which is flagged. */
export const instantOf = (text: string | undefined, { timezone, flags }: TimesOfReading): string | undefined =>
  text === undefined ? undefined : flaggedInstant(readInstant(text, timezone), flags)

/** The end of an embargo; none, and one that cannot be read, is until further notice: a story late is better than a story early. */
export function embargoEnd(text: string | undefined, { timezone, flags }: TimesOfReading): string {
  const end = text === undefined ? undefined : flaggedInstant(readInstant(text, timezone), flags, 'embargo-unreadable')
  return end ?? 'indefinite'
}
