import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { isFunction, isMembers } from '../../domain/parsing/values.ts'
import { type AnswerMeasures, answerMeasures, conclusionOf } from './conclusion.ts'
import { attribute } from './names.ts'
import type { LedgerTelemetryOptions } from './options.ts'
import { quietly } from './quietly.ts'
import { viewOf } from './request-view.ts'
import { callerTrace, inSpan, kindOf } from './span.ts'

/** Requests that say where they came from. Filters and options of scans do not, and refuse members that they do not know. */
const saysWhereFrom: ReadonlySet<string> = new Set([
  'reserve',
  'complete',
  'completeByKey',
  'release',
  'renew',
  'reachRecoveryPoint',
  'markInDoubt',
  'expire',
  'expireByOperator',
  'completeByOperator',
  'reserveAll',
  'completeAll',
  'releaseAll'
])

/** A use case of any name: what it takes and gives is left as it is. */
type UseCase = (...args: ReadonlyArray<unknown>) => TaskEither<Failure, unknown>

/** The arguments as the ledger is to see them: views in place of requests, and all else as it is. */
const viewed = (
  useCase: string,
  args: ReadonlyArray<unknown>,
  view: (request: object) => object
): ReadonlyArray<unknown> => {
  const seen = (value: unknown): unknown => (isMembers(value) && !Array.isArray(value) ? view(value) : value)
  return args.map((value, index) => {
    if (index > 0) return value
    // other lists are of records, which are not requests
    return useCase === 'reserveAll' && Array.isArray(value) ? Array.from(value, seen) : seen(value)
  })
}

const instrumentedUseCase =
  (
    { tracerProvider, correlate = true }: LedgerTelemetryOptions,
    measures: AnswerMeasures,
    name: string,
    useCase: UseCase
  ): UseCase =>
  (...args) =>
  () => {
    const caller = correlate && saysWhereFrom.has(name) ? callerTrace() : undefined
    const filling = caller && { correlationId: caller.traceId, causationId: caller.spanId }
    const read = new Set<unknown>()
    const view = (request: object): object => viewOf(request, filling, (operation) => read.add(operation))
    // a list that cannot be walked is the ledger's to refuse
    const seen = quietly(() => viewed(name, args, view)) ?? args
    return inSpan(tracerProvider, {
      name: `keyfold ${name}`,
      kind: kindOf.ledger,
      attributes: { [attribute.useCase]: name },
      work: () => useCase(...seen)(),
      conclude: conclusionOf(measures, name, read)
    })
  }

/**
 * Use cases with spans and metrics around each, whatever they are called: one that is added is seen like all others. What
 * is no use case stays as it is.
 */
export const instrumentedUseCases = <L extends object>(useCases: L, options: LedgerTelemetryOptions): L => {
  const measures = answerMeasures(options.meterProvider, options.maxOperations ?? 64)
  const instrumented = Object.entries(useCases).map(([name, useCase]) => [
    name,
    isFunction(useCase) && name !== 'dispose'
      ? instrumentedUseCase(options, measures, name, useCase as UseCase)
      : useCase
  ])
  // what goes by a symbol, and is no use case, comes along
  return { ...useCases, ...Object.fromEntries(instrumented) }
}
