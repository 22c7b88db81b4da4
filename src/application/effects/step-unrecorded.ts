import type { Failure } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'

/**
 * A step's effect happened, and its result could not be kept: too large (`LimitExceeded`), no JSON (`InvalidInput`), or
 * the store failed. Whoever takes over would run the step again.
 */
export class StepUnrecorded extends Error {
  override readonly name = 'StepUnrecorded'
  readonly step: string
  readonly failure: Failure
  constructor(step: string, failure: Failure) {
    super(`the effect of step "${quoted(step)}" happened, and its result could not be kept: ${failure.message}`)
    this.step = step
    this.failure = failure
  }
}
