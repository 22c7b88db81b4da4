import * as O from 'fp-ts/Option'

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `30s`, `5m`, `2h`, `7d`, or a bare number of milliseconds, as milliseconds. */
export const parseDuration = (text: string): O.Option<number> => {
  const [, digits, unit = 'ms'] = /^(\d{1,16})(ms|s|m|h|d)?$/.exec(text) ?? []
  const ms = Number(digits) * (units[unit] ?? Number.NaN)
  return Number.isSafeInteger(ms) ? O.some(ms) : O.none
}

/** Epoch milliseconds, or a date and time with its zone (`2026-01-31T12:00:00Z`), as epoch milliseconds. */
export const parseMoment = (text: string): O.Option<number> => {
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : isoForm.test(text) ? Date.parse(text) : Number.NaN
  return Number.isSafeInteger(ms) && ms >= 0 ? O.some(ms) : O.none
}

const isoForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/
