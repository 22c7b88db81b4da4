import { type Command, InvalidArgumentError } from 'commander'
import type { KeyInput } from '../../../application/requests/requests.ts'
import { type TenantOptions, tenantFrom, tenantOptions } from './key.ts'

export type KeyRefOptions = TenantOptions & {
  readonly operation?: string
  readonly key?: string
  readonly recordId?: string
}

/** A key as it was given: whole, or the beginning of its record id. */
export type GivenKey = KeyInput | { readonly beginning: string }

const form = /^idem_[0-9a-f]{4,64}$/

/** Tables end what they shorten with an ellipsis, and it is copied with the rest. */
const beginning = (text: string): string => {
  const id = text.replace(/…$/, '')
  if (form.test(id)) return id
  throw new InvalidArgumentError('Give idem_ and its 64 hexadecimal digits, or the first of them, 4 at least.')
}

/** A key by what it is made of, or by its record id. */
export const keyRefOptions = (command: Command): Command =>
  tenantOptions(
    command
      .option('--operation <name>', 'with --key: what the key is used for')
      .option('--key <key>', 'with --operation: the idempotency key')
      .option(
        '--record-id <id>',
        'in place of them: the record id, or its beginning (idem_ab12) where no other begins so; that reads the whole log',
        beginning
      )
  )

/** The key that is meant, if it is one; half of one (a tenant alone is none), or two, is misuse of the command line. */
export const someKeyRefFrom = (options: KeyRefOptions, command: Command): GivenKey | undefined => {
  const { operation, key, recordId, org, workspace, deployment, actor, source } = options
  const others = [operation, key, org, workspace, deployment, actor, source]
  if ([recordId, ...others].every((one) => one === undefined)) return undefined
  if (recordId === undefined && operation !== undefined && key !== undefined) {
    return { tenant: tenantFrom(options), operation, key }
  }
  if (recordId !== undefined && others.every((one) => one === undefined)) {
    return { beginning: recordId }
  }
  return command.error('error: give --operation and --key with their tenant, or --record-id alone')
}

/** The same where a key must be given. */
export const keyRefFrom = (options: KeyRefOptions, command: Command): GivenKey =>
  someKeyRefFrom(options, command) ?? command.error('error: give --operation and --key, or --record-id')
