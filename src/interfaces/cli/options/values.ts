import { InvalidArgumentError } from 'commander'
import * as O from 'fp-ts/Option'
import { parseDuration, parseMoment } from './duration.ts'

const orInvalid =
  <A>(parse: (text: string) => O.Option<A>, wanted: string) =>
  (text: string): A => {
    const parsed = parse(text)
    if (O.isNone(parsed)) throw new InvalidArgumentError(`Give ${wanted}.`)
    return parsed.value
  }

const lengths = 'a length such as 500ms, 30s, 5m, 2h or 7d'

export const duration = orInvalid(parseDuration, lengths)

export const lease = orInvalid<number | 'none'>(
  (text) => (text === 'none' ? O.some(text) : parseDuration(text)),
  `${lengths}, or none`
)

export const moment = orInvalid(parseMoment, 'epoch milliseconds, or a time such as 2026-01-31T12:00:00Z')

export const count = orInvalid((text) => (/^\d{1,15}$/.test(text) ? O.some(Number(text)) : O.none), 'a whole number')
