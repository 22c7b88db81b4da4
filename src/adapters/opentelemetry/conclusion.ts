import type { Attributes, MeterProvider } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { isMembers, type Members } from '../../domain/parsing/values.ts'
import { answerName, answerNames, completes, recordIn, secondsToComplete, singleAnswers, textIn } from './answers.ts'
import { type Measures, measuresOf } from './measures.ts'
import { attribute, ledgerInstruments, other } from './names.ts'
import { type Operations, operationsUpTo } from './operations.ts'
import { type RecentSet, recentSet } from './recent-set.ts'
import type { Ending } from './span.ts'

/** What is counted of answers, and what has to be remembered for it. */
export type AnswerMeasures = {
  readonly measures: Measures<typeof ledgerInstruments>
  readonly operations: Operations
  /** Epochs whose time to complete was told: a completion that is repeated is the same completion. */
  readonly completed: RecentSet
}

export const answerMeasures = (given: MeterProvider | undefined, maxOperations: number): AnswerMeasures => ({
  measures: measuresOf(ledgerInstruments, given),
  operations: operationsUpTo(maxOperations),
  completed: recentSet(8192)
})

/** Refusals of what a request says: its operation may be nobody's. */
const isRefusal = ({ _tag }: Failure): boolean => _tag === 'InvalidInput' || _tag === 'LimitExceeded'

const withOperation = (attributes: Attributes, operation: string | undefined): Attributes =>
  operation === undefined ? attributes : { ...attributes, [attribute.operation]: operation }

/** What is special about one answer. */
const countSpecials = (
  { measures, completed }: AnswerMeasures,
  useCase: string,
  answer: Members,
  attributes: Attributes
): void => {
  const { _tag, unrecorded } = answer
  if (_tag === 'Reserved' && answer['takeover'] === true) measures.takeovers(1, attributes)
  if (_tag === 'Renewed') measures.renewals(1, attributes)
  if (_tag === 'ClaimLost') measures.lostClaims(1, attributes)
  if (typeof unrecorded === 'string') measures.unrecorded(1, { ...attributes, [attribute.errorType]: unrecorded })
  const record = recordIn(answer)
  if (_tag !== 'Completed' || record === undefined || !completes(useCase)) return
  const seconds = secondsToComplete(record)
  if (seconds !== undefined && completed.add(`${record['recordId']} ${record['epoch']}`)) {
    measures.timeToComplete(seconds, attributes)
  }
}

/** What of an answer to one key its span says beside the answer's name. */
const factsOf = (answer: Members): Attributes => {
  const record = recordIn(answer)
  const recordId = textIn(record, 'recordId') ?? textIn(answer, 'recordId')
  const { _tag, takeover } = answer
  return {
    ...(recordId !== undefined && { [attribute.recordId]: recordId }),
    ...(_tag === 'Reserved' && { [attribute.takeover]: takeover === true })
  }
}

/** Whether a duplicate was answered from an outcome; of other answers it says nothing. */
const replayOf = (answer: Members): Attributes =>
  answer['_tag'] === 'Duplicate' ? { [attribute.replayed]: isMembers(recordIn(answer)?.['outcome']) } : {}

/** The one operation that was read in a request, where it is a text. */
const readIn = (operations: ReadonlySet<unknown>): string | undefined => {
  const [read, ...others] = operations
  return others.length === 0 && typeof read === 'string' ? read : undefined
}

/** The one operation of these answers, as metrics call it. */
const operationOf = ({ operations }: AnswerMeasures, answers: ReadonlyArray<Members>): string | undefined => {
  const found = new Set(answers.flatMap((answer) => textIn(recordIn(answer), 'operation') ?? []))
  const [operation] = found
  return found.size === 1 && operation !== undefined ? operations.ofRecord(operation) : undefined
}

/** One run of a use case, as far as it is known before it ends. */
type Run = { readonly useCase: string; readonly asked: string | undefined; readonly seconds: number }

const countRun = ({ measures }: AnswerMeasures, { useCase, seconds }: Run, attributes: Attributes): void => {
  measures.duration(seconds, attributes)
  if (useCase !== 'awaitOutcome') return
  measures.waits(1, attributes)
  measures.waitDuration(seconds, attributes)
}

const ofFailure = (telemetry: AnswerMeasures, run: Run, failed: Failure | undefined): Ending => {
  const { useCase, asked } = run
  const isSound = failed === undefined || !isRefusal(failed)
  const operation = asked === undefined ? undefined : telemetry.operations.ofRequest(asked, isSound)
  const error = { [attribute.useCase]: useCase, [attribute.errorType]: failed?._tag ?? other }
  const attributes = withOperation(error, operation)
  telemetry.measures.failures(1, attributes)
  countRun(telemetry, run, attributes)
  const recordId = failed?.recordId
  return {
    attributes: withOperation(recordId === undefined ? {} : { [attribute.recordId]: recordId }, operation),
    ...(failed && { failed })
  }
}

const ofAnswers = (telemetry: AnswerMeasures, run: Run, value: unknown): Ending => {
  const { useCase, asked } = run
  const common = { [attribute.useCase]: useCase }
  const answers = singleAnswers(useCase, value)
  for (const answer of answers) {
    countSpecials(telemetry, useCase, answer, withOperation(common, operationOf(telemetry, [answer])))
  }
  const [only] = Array.isArray(value) ? [] : answers
  const operation =
    operationOf(telemetry, answers) ?? (asked === undefined ? undefined : telemetry.operations.ofRequest(asked, true))
  const described = withOperation({ ...common, ...(only && replayOf(only)) }, operation)
  const names = answerNames(useCase, value)
  for (const name of names) telemetry.measures.answers(1, { ...described, [attribute.answer]: name })
  const attributes = { ...described, [attribute.answer]: answerName(names) }
  countRun(telemetry, run, attributes)
  return { attributes: { ...attributes, ...(only && factsOf(only)) } }
}

/** What metrics and a span are told of how a use case ended; `undefined` is one that threw. */
export const conclusionOf =
  (telemetry: AnswerMeasures, useCase: string, read: ReadonlySet<unknown>) =>
  (result: E.Either<Failure, unknown> | undefined, seconds: number): Ending => {
    const run: Run = { useCase, asked: readIn(read), seconds }
    return result === undefined || E.isLeft(result)
      ? ofFailure(telemetry, run, result?.left)
      : ofAnswers(telemetry, run, result.right)
  }
