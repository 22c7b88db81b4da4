import type { Attributes } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import type { AppendFailure } from '../../application/ports/event-store.ts'
import type { Measures } from './measures.ts'
import { attribute, type storeInstruments } from './names.ts'
import { recentSet } from './recent-set.ts'
import type { Ending } from './span.ts'

/** How an append ended. A conflict is an answer: every duplicate of a key that this process has not seen is told by one. */
const resultOf = (result: E.Either<AppendFailure, unknown>): string => {
  if (E.isRight(result)) return 'written'
  switch (result.left._tag) {
    case 'WrongExpectedRevision':
      return 'conflict'
    case 'NotWritten':
      return 'not_written'
    case 'OutcomeUnknown':
      return 'unknown'
  }
}

/** What is told of appends, which are known by the id of their first event: it is the same whenever one is repeated. */
export const appendConclusions = (
  measures: Pick<Measures<typeof storeInstruments>, 'conflicts' | 'doubts' | 'doubtsResolved'>,
  ofStore: Attributes
) => {
  const inDoubt = recentSet(4096)
  return {
    conclude:
      (id: string | undefined) =>
      (result: E.Either<AppendFailure, unknown>): Ending => {
        const appendResult = resultOf(result)
        if (appendResult === 'conflict') measures.conflicts(1, ofStore)
        if (appendResult === 'unknown') {
          // each doubt once, however often the append is repeated in vain
          if (id === undefined || inDoubt.add(id)) measures.doubts(1, ofStore)
        } else if (appendResult !== 'not_written' && id !== undefined && inDoubt.remove(id)) {
          if (appendResult === 'written') measures.doubtsResolved(1, ofStore)
        }
        const attributes = { [attribute.appendResult]: appendResult }
        return E.isLeft(result) && result.left._tag !== 'WrongExpectedRevision'
          ? { attributes, failed: result.left.error }
          : { attributes }
      }
  }
}
