import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { RecordId } from '../../domain/identity.ts'
import { type Parsed, refused } from '../../domain/parsing/parsed.ts'
import type { Settings } from '../settings.ts'
import { recordId } from './claim.ts'
import { keyFields } from './key-fields.ts'
import type { KeyRef, RecordRef } from './requests.ts'

/** Whether a key is given by its record id. */
export const isRecordRef = (given: KeyRef): given is RecordRef => 'recordId' in given && given.recordId !== undefined

/** The record id of a key, however it is given. One that is given both ways could be two keys, and is refused. */
export const keyRef = (settings: Settings, given: KeyRef): Parsed<RecordId> => {
  if (!isRecordRef(given)) {
    return pipe(
      keyFields(settings, given, ['key', 'operation']),
      E.map((key) => key.recordId)
    )
  }
  return 'key' in given && given.key !== undefined
    ? refused('$.recordId stands in place of $.operation and $.key', '$.recordId')
    : recordId('$.recordId', given.recordId)
}
