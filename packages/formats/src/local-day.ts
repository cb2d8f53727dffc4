import { Temporal } from 'temporal-polyfill'

/** The day of an instant (milliseconds since 1970) in an IANA zone; UTC unless said, and where the platform does not know the zone. */
export function localDay(ms: number, timezone = 'UTC'): Temporal.PlainDate {
  const instant = Temporal.Instant.fromEpochMilliseconds(ms)
  try {
    return instant.toZonedDateTimeISO(timezone).toPlainDate()
  } catch {
    // Configuration is checked where it is read.
    return instant.toZonedDateTimeISO('UTC').toPlainDate()
  }
}
