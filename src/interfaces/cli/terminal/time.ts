/** Epoch ms as a date and time of UTC; what no calendar reaches stays a number. */
export const utcTime = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString()
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** The same by the clock on the wall here, with its distance from UTC, as options take times. */
export const localTime = (ms: number): string => {
  const ahead = -new Date(ms).getTimezoneOffset()
  if (Number.isNaN(ahead)) return utcTime(ms)
  const shifted = new Date(ms + ahead * 60_000)
  if (Number.isNaN(shifted.getTime())) return utcTime(ms)
  const [hours, minutes] = [Math.trunc(Math.abs(ahead) / 60), Math.round(Math.abs(ahead)) % 60]
  return `${shifted.toISOString().slice(0, -1)}${ahead < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(minutes)}`
}
