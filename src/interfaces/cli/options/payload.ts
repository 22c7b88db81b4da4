import type { Command } from 'commander'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import type { Cli } from '../cli.ts'
import { ofCallersJson } from '../shape/snake-case.ts'
import { jsonValue } from './json-value.ts'

export type PayloadOptions = { readonly fingerprint?: string; readonly payload?: string }

export const payloadOptions = (command: Command): Command =>
  command
    .option('--fingerprint <text>', 'what tells this request from another one under the same key')
    .option('--payload <json>', 'the request itself, to be fingerprinted; @FILE and @- read it')

/** The fingerprint that is meant, given as it is or as the request; anything else is misuse of the command line. */
export const fingerprintFrom = (
  cli: Pick<Cli, 'deps' | 'signal'>,
  { fingerprint, payload }: PayloadOptions,
  command: Command
): TE.TaskEither<Failure, string> => {
  if (fingerprint !== undefined && payload === undefined) return TE.right(fingerprint)
  if (fingerprint !== undefined || payload === undefined) {
    const got = payload === undefined ? 'neither' : 'both'
    return command.error(`error: give either --fingerprint or --payload, got ${got}`)
  }
  return pipe(
    jsonValue(cli, payload, '--payload'),
    TE.flatMapEither(cli.deps.jsonFingerprint),
    TE.mapLeft(ofCallersJson)
  )
}
