import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { parseDuration } from './duration.ts'

/** A time as it was given: epoch ms, or so many ms from what the command takes for the present. */
export type GivenTime = number | { readonly fromNowMs: number }

/** The end of the last year that a date here can name. */
export const latestMs = 253_402_300_799_999

/** Before 2001-09-09T01:46:40Z epoch ms have 12 digits or fewer; what has so few are seconds, until the year 33658. */
const firstOf13Digits = 1_000_000_000_000

const wanted = 'Give epoch milliseconds, a time such as 2026-01-31T12:00:00Z, now, or +15m or -2h from now.'

const isoForm =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Whether the calendar has such a day: `Date` takes 30 February for 2 March. */
const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

const fromIso = (text: string): E.Either<string, number> => {
  const [, day = ''] = isoForm.exec(text) ?? []
  const ms = isDay(day) ? Date.parse(text) : Number.NaN
  // a zone may take it out of its years
  return ms >= 0 && ms <= latestMs ? E.right(ms) : E.left(wanted)
}

/** What to write where a number is seconds, if those are a time: epoch ms, or the date where that would be too few digits. */
const asSeconds = (seconds: number): string => {
  const ms = seconds * 1000
  if (ms > latestMs) return 'If it is meant'
  return `If it is seconds, give ${ms < firstOf13Digits ? new Date(ms).toISOString() : ms}; if it is meant`
}

const fromDigits = (digits: string): E.Either<string, number> => {
  const ms = Number(digits)
  if (ms < firstOf13Digits) {
    const date = new Date(ms).toISOString()
    return E.left(`In milliseconds that is ${date}. ${asSeconds(ms)}, give ${date} itself.`)
  }
  return ms <= latestMs
    ? E.right(ms)
    : E.left('In milliseconds that is beyond the year 9999: if it is micro- or nanoseconds, leave the last digits out.')
}

/**
 * A time, or what is wrong with its text: epoch ms, a date and time with its zone, `now`, or a length before or after it.
 * Epoch seconds, micro- and nanoseconds are told from milliseconds by their number of digits, and refused.
 */
export const parseTime = (text: string): E.Either<string, GivenTime> => {
  if (/^\d{1,30}$/.test(text)) return fromDigits(text)
  if (text === 'now') return E.right({ fromNowMs: 0 })
  const sign = { '+': 1, '-': -1 }[text.charAt(0)]
  if (sign === undefined) return fromIso(text)
  return pipe(
    parseDuration(text.slice(1)),
    E.map((ms) => ({ fromNowMs: sign * ms }))
  )
}
