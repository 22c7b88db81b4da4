import * as O from 'fp-ts/Option'

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `30s`, `5m`, `2h`, `7d`, or a bare number of milliseconds, as milliseconds. */
export const parseDuration = (text: string): O.Option<number> => {
  const [, digits, unit = 'ms'] = /^(\d{1,16})(ms|s|m|h|d)?$/.exec(text) ?? []
  const ms = Number(digits) * (units[unit] ?? Number.NaN)
  return Number.isSafeInteger(ms) ? O.some(ms) : O.none
}

const isoForm =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Whether the calendar has such a day: `Date` takes 30 February for 2 March. */
const isDay = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

const fromIso = (text: string): number => {
  const [, day = ''] = isoForm.exec(text) ?? []
  return isDay(day) ? Date.parse(text) : Number.NaN
}

/** Epoch milliseconds, or a date and time with its zone (`2026-01-31T12:00:00Z`), as epoch milliseconds. */
export const parseMoment = (text: string): O.Option<number> => {
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : fromIso(text)
  return Number.isSafeInteger(ms) && ms >= 0 ? O.some(ms) : O.none
}
