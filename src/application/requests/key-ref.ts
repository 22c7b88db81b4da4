import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { RecordId } from '../../domain/identity.ts'
import { type Parsed, refused } from '../../domain/parsing/parsed.ts'
import type { Settings } from '../settings.ts'
import { recordId } from './claim.ts'
import { keyFields } from './key-fields.ts'
import type { KeyInput, KeyRef, RecordRef } from './requests.ts'

/** Whether a key is given by its record id. */
export const isRecordRef = (given: KeyRef): given is RecordRef => 'recordId' in given && given.recordId !== undefined

/** Whether what a key is made of stands beside its record id, as in a record. */
const isWhole = (given: RecordRef): given is RecordRef & KeyInput =>
  ('key' in given && given.key !== undefined) || ('operation' in given && given.operation !== undefined)

const byFields = (settings: Settings, given: KeyInput): Parsed<RecordId> =>
  pipe(
    keyFields(settings, given, ['key', 'operation']),
    E.map((key) => key.recordId)
  )

/** The record id of a key, however it is given. Given both ways, as a record has it, both must mean one key. */
export const keyRef = (settings: Settings, given: KeyRef): Parsed<RecordId> => {
  if (!isRecordRef(given)) return byFields(settings, given)
  const named = recordId('$.recordId', given.recordId)
  if (E.isLeft(named) || !isWhole(given)) return named
  return pipe(
    byFields(settings, given),
    E.flatMap((own) =>
      own === named.right ? named : refused('$.recordId is not that of $.tenant, $.operation and $.key', '$.recordId')
    )
  )
}
