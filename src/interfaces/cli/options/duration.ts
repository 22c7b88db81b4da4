import * as E from 'fp-ts/Either'

/** The units of a length, from the longest on: each may be named once, in this order. A day has 24 hours. */
const units = [86_400_000, 3_600_000, 60_000, 1000, 1]

const compound = /^(?:(\d{1,16})d)?(?:(\d{1,16})h)?(?:(\d{1,16})m)?(?:(\d{1,16})s)?(?:(\d{1,16})ms)?$/

/** ISO 8601 without what has no fixed length. Weeks stand alone; a fraction is one of seconds. */
const iso =
  /^P(?:(\d{1,16})W|(?=[\dT])(?:(\d{1,16})D)?(?:T(?=\d)(?:(\d{1,16})H)?(?:(\d{1,16})M)?(?:(\d{1,16})(?:\.(\d{1,3}))?S)?)?)$/

const wanted = 'Give a length such as 500ms, 30s, 5m, 1h30m, 7d or PT1H30M.'

const sum = (counts: ReadonlyArray<string | undefined>, lengths: ReadonlyArray<number>): E.Either<string, number> => {
  const ms = counts.reduce((total, digits = '0', index) => total + Number(digits) * (lengths[index] ?? 0), 0)
  return Number.isSafeInteger(ms) ? E.right(ms) : E.left(`Give a length of at most ${Number.MAX_SAFE_INTEGER}ms.`)
}

const week = 7 * 86_400_000

const fromIso = (text: string): E.Either<string, number> => {
  if (/^P[\dYMWD]*[YM]/.test(text.slice(0, 64))) {
    return E.left('Years and months differ in length: give days.')
  }
  const [matched, weeks, days, hours, minutes, seconds, fraction] = iso.exec(text) ?? []
  if (matched === undefined) return E.left(wanted)
  return sum([weeks, days, hours, minutes, seconds, fraction?.padEnd(3, '0')], [week, ...units])
}

/**
 * A length of time in milliseconds, or what is wrong with its text: `500ms`, `30s`, `1h30m`, `7d`, or ISO 8601 as in
 * `PT1H30M`. A bare number is none: whoever wrote 30 may mean seconds, and would get thirty thousandths of one.
 */
export const parseDuration = (text: string): E.Either<string, number> => {
  if (/^\d{1,16}$/.test(text)) return E.left(`A length has a unit: ${text}s, ${text}ms?`)
  if (text.startsWith('P')) return fromIso(text)
  const [matched = '', ...counts] = compound.exec(text) ?? []
  return matched === '' ? E.left(wanted) : sum(counts, units)
}
