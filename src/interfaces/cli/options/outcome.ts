import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { OutcomeInput } from '../../../application/requests/requests.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Json } from '../../../domain/json.ts'
import type { Cli } from '../cli.ts'
import { fieldsOf } from '../shape/fields.ts'
import { readOutcome } from '../shape/requests.ts'
import { jsonValue } from './json-value.ts'
import { moment } from './values.ts'

export type OutcomeOptions = {
  readonly outcome?: string
  readonly outcomeJson?: string
  readonly details?: string
  readonly primaryRef?: string
  readonly secondaryRef?: string
  readonly completedAt?: number
}

export const outcomeOptions = (command: Command): Command =>
  command
    .option('--outcome <kind>', 'the outcome by its kind: charged, rejected, …')
    .option('--details <json>', 'with --outcome: any JSON; @FILE and @- read it')
    .option('--primary-ref <kind:id>', 'with --outcome: what the outcome is about')
    .option('--secondary-ref <kind:id>', 'with --outcome: what else it is about')
    .option('--completed-at <time>', 'with --outcome: when the work was done (default: now)', moment)
    .option('--outcome-json <json>', 'in place of --outcome: {"outcome_kind": …} whole; @FILE and @- read it')

const reference = (text: string): readonly [kind: string, id: string] | undefined => {
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : [text.slice(0, colon), text.slice(colon + 1)]
}

const fromKind = (
  cli: Pick<Cli, 'deps' | 'signal'>,
  kind: string,
  { details, primaryRef, secondaryRef, completedAt }: OutcomeOptions,
  command: Command
): TE.TaskEither<Failure, OutcomeInput> => {
  const refs = { primary: primaryRef && reference(primaryRef), secondary: secondaryRef && reference(secondaryRef) }
  if ((primaryRef !== undefined && !refs.primary) || (secondaryRef !== undefined && !refs.secondary)) {
    return command.error('error: a reference is given as kind:id')
  }
  return pipe(
    details === undefined ? TE.right<Failure, Json | undefined>(undefined) : jsonValue(cli, details, '--details'),
    TE.map((given) => ({
      outcomeKind: kind,
      completedAtMs: completedAt,
      ...(refs.primary ? { primaryRefKind: refs.primary[0], primaryRefId: refs.primary[1] } : {}),
      ...(refs.secondary ? { secondaryRefKind: refs.secondary[0], secondaryRefId: refs.secondary[1] } : {}),
      details: given
    }))
  )
}

/** The outcome that the options give, by its kind or whole; anything else is misuse of the command line. */
export const outcomeFrom = (
  cli: Pick<Cli, 'deps' | 'signal'>,
  options: OutcomeOptions,
  command: Command
): TE.TaskEither<Failure, OutcomeInput> => {
  const { outcome: kind, outcomeJson, ...rest } = options
  const parts = [rest.details, rest.primaryRef, rest.secondaryRef, rest.completedAt]
  if (kind !== undefined && outcomeJson === undefined) return fromKind(cli, kind, options, command)
  if (kind !== undefined || outcomeJson === undefined || parts.some((part) => part !== undefined)) {
    return command.error('error: give the outcome as --outcome with its parts, or as --outcome-json')
  }
  return pipe(
    jsonValue(cli, outcomeJson, '--outcome-json'),
    TE.flatMapEither((value) => pipe(fieldsOf(value, '$.outcome'), E.flatMap(readOutcome)))
  )
}
