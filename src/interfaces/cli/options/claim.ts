import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Claim } from '../../../domain/claim.ts'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli } from '../cli.ts'
import { fieldsOf } from '../shape/fields.ts'
import { readClaim } from '../shape/requests.ts'
import { jsonValue } from './json-value.ts'
import { count } from './values.ts'

export type ClaimOptions = {
  readonly claim?: string
  readonly recordId?: string
  readonly epoch?: number
  readonly claimId?: string
}

export const claimOptions = (command: Command): Command =>
  command
    .option('--claim <json>', 'the claim, or the whole answer of reserve --json; @FILE and @- read it')
    .option('--record-id <id>', 'record id of the claim')
    .option('--epoch <number>', 'epoch of the claim', count)
    .option('--claim-id <id>', 'claim id of the claim')

export const hasClaim = ({ claim, recordId, epoch, claimId }: ClaimOptions): boolean =>
  [claim, recordId, epoch, claimId].some((option) => option !== undefined)

const fromJson = (cli: Pick<Cli, 'deps' | 'signal'>, text: string): TE.TaskEither<Failure, Claim> =>
  pipe(
    jsonValue(cli, text, '--claim'),
    TE.flatMapEither((value) =>
      pipe(
        fieldsOf(value),
        // an answer that grants none has a result all the same
        E.flatMap((fields) => (['claim', 'result'].some(fields.has) ? fields.object('claim') : E.right(fields))),
        E.flatMap(readClaim),
        E.mapLeft((failed) => ({ ...failed, message: `--claim: ${failed.message}` }))
      )
    )
  )

/** The claim that the options give, as JSON or field by field; anything else is misuse of the command line. */
export const claimFrom = (
  cli: Pick<Cli, 'deps' | 'signal'>,
  { claim, recordId, epoch, claimId }: ClaimOptions,
  command: Command
): TE.TaskEither<Failure, Claim> => {
  if (claim !== undefined && recordId === undefined && epoch === undefined && claimId === undefined) {
    return fromJson(cli, claim)
  }
  if (claim === undefined && recordId !== undefined && epoch !== undefined && claimId !== undefined) {
    return TE.right({ recordId, epoch, claimId })
  }
  return command.error('error: give the claim as --claim, or as --record-id, --epoch and --claim-id')
}
