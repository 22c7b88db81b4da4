import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { KeyRef } from '../../../application/requests/requests.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import { type Cli, stopped } from '../cli.ts'
import type { GivenKey } from '../options/key-ref.ts'
import { counter } from '../terminal/progress.ts'

/** A record id has so many characters. */
const wholeLength = 'idem_'.length + 64

/** So many record ids that begin alike are counted; who gave their beginning needs no more to see that it is short. */
const maxCounted = 1000
const maxNamed = 3

/** The record ids in the log that begin so. A stream that cannot be read counts: its name is that of a key all the same. */
const beginningSo = (
  cli: Cli,
  ledger: TaskLedger,
  beginning: string
): TE.TaskEither<Failure, ReadonlyArray<string>> => {
  const found = new Set<string>()
  const see = (recordId: string): void => {
    if (recordId.startsWith(beginning)) found.add(recordId)
  }
  const bar = counter(cli.deps, 'looking for the record id', 'events')
  let seen = 0
  const scan = ledger.events({
    onEvents: (entries) => {
      for (const { stream } of entries) see(stream.slice(stream.indexOf('-') + 1))
      seen += entries.length
      bar.at(seen)
      return found.size < maxCounted
    },
    onUnreadable: ({ recordId }) => see(recordId),
    signal: cli.signal
  })
  return pipe(
    () => scan().finally(bar.stop),
    TE.mapLeft((failed) => (cli.signal.aborted ? stopped : failed)),
    TE.map(() => [...found])
  )
}

const ambiguous = (beginning: string, found: ReadonlyArray<string>): Failure => {
  const count = found.length < maxCounted ? `${found.length}` : `${maxCounted} or more`
  const more = found.length > maxNamed ? ', …' : ''
  const named = found.toSorted().slice(0, maxNamed).join(', ')
  return invalidInput(`--record-id ${beginning} is the beginning of ${count} record ids: ${named}${more}`)
}

/**
 * The key that was given. The beginning of a record id that no key has gives one that no key has, so that each command
 * says of it what it says of a key that was never seen.
 */
export const findKey = (cli: Cli, ledger: TaskLedger, given: GivenKey): TE.TaskEither<Failure, KeyRef> => {
  if (!('beginning' in given)) return TE.right(given)
  const { beginning } = given
  if (beginning.length === wholeLength) return TE.right({ recordId: beginning })
  return pipe(
    beginningSo(cli, ledger, beginning),
    TE.flatMapEither((found) => {
      const [recordId = beginning.padEnd(wholeLength, '0'), ...others] = found
      return others.length === 0 ? E.right({ recordId }) : E.left(ambiguous(beginning, found))
    })
  )
}

/** The same where one may be given. */
export const someKey = (
  cli: Cli,
  ledger: TaskLedger,
  given: GivenKey | undefined
): TE.TaskEither<Failure, KeyRef | undefined> =>
  given === undefined ? TE.right(undefined) : findKey(cli, ledger, given)
