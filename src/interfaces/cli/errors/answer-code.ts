import type { ReserveAnswer } from '../../../domain/answers.ts'
import { answerCodes } from './exit-codes.ts'

/** The exit code of an answer of `reserve`: 0 where the work is to be done by whoever asked, and nobody can have begun it. */
export const answerCode = (answer: ReserveAnswer): number => {
  switch (answer._tag) {
    case 'Reserved':
      return answer.takeover ? answerCodes.takeover : answerCodes.reserved
    case 'Duplicate':
      return answer.record.outcome === undefined ? answerCodes.inFlight : answerCodes.duplicate
    case 'Conflict':
      return answerCodes.conflict
    case 'InDoubt':
      return answerCodes.inDoubt
    case 'Gone':
      return answerCodes.gone
  }
}
