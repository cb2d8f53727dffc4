import { durationMs, type Settings } from '@dateline/runtime'

export type QuietAfter = NonNullable<NonNullable<Settings['feeds']>[string]['quietAfter']>

/** How long a silence is normal, by time of day. */
export interface QuietHours {
  /** Whether a silence that began then is too long by now; both in milliseconds since 1970. */
  isTooLong(silentSinceMs: number, nowMs: number): boolean
}

interface Span {
  readonly fromMinute: number
  readonly toMinute: number
  readonly limitMs: number
}

const minutesADay = 1_440
const minuteMs = 60_000

/**
 * `30m`, or `{ "07-23": 30m, "23-07": 3h }` in the time zone given; minutes may be named (`07:30-23`). Hours that are not named expect
 * nothing. Throws with a sentence for what is no span of hours.
 *
 * A silence is too long when it lasts longer than the longest limit it has met, or longer than the present one counted from the beginning
 * of the present span: three quiet hours of the night do not raise an alarm at seven, half an hour later they do.
 */
export function readQuietHours(given: QuietAfter, timezone: string): QuietHours {
  if (typeof given === 'string') {
    const limitMs = durationMs(given)
    return { isTooLong: (silentSinceMs, nowMs) => nowMs - silentSinceMs > limitMs }
  }
  const spans = Object.entries(given).map(([hours, limit]) => spanOf(hours, durationMs(limit)))
  const minuteOf = localMinutes(timezone)
  return {
    isTooLong(silentSinceMs, nowMs) {
      const minute = minuteOf(nowMs)
      const span = spans.find((one) => holds(one, minute))
      if (span === undefined) return false
      // To the minute: the hour of a clock change counts as any other.
      const beganMs = nowMs - ((minute - span.fromMinute + minutesADay) % minutesADay) * minuteMs - (nowMs % minuteMs)
      if (nowMs - Math.max(silentSinceMs, beganMs) > span.limitMs) return true
      return nowMs - silentSinceMs > longestMet(silentSinceMs, nowMs, minute)
    },
  }

  function longestMet(sinceMs: number, nowMs: number, nowMinute: number): number {
    const minutes = Math.min(Math.floor((nowMs - sinceMs) / minuteMs), minutesADay)
    let longest = 0
    for (let back = 0; back <= minutes; back += 1) {
      const minute = (nowMinute - back + minutesADay) % minutesADay
      longest = Math.max(longest, spans.find((one) => holds(one, minute))?.limitMs ?? Number.POSITIVE_INFINITY)
    }
    return longest
  }
}

function spanOf(hours: string, limitMs: number): Span {
  const found = /^(\d{1,2})(?::(\d{2}))?-(\d{1,2})(?::(\d{2}))?$/.exec(hours)
  const fromMinute = Number(found?.[1]) * 60 + Number(found?.[2] ?? 0)
  const toMinute = Number(found?.[3]) * 60 + Number(found?.[4] ?? 0)
  if (!(fromMinute < minutesADay && toMinute <= minutesADay))
    throw new Error(`"${hours}" is no span of hours: write it like 07-23 or 07:30-23.`)
  return { fromMinute, toMinute, limitMs }
}

/** From 23 to 7 goes over midnight; from 7 to 7 is the whole day. */
const holds = ({ fromMinute, toMinute }: Span, minute: number): boolean =>
  fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute

function localMinutes(timezone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (atMs) => {
    const parts = format.formatToParts(atMs)
    const number = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
    return number('hour') * 60 + number('minute')
  }
}
