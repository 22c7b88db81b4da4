import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { RecordId } from '../../domain/identity.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { type ExactJson, parseExactJson, type Reader } from '../exact-json/parse.ts'

/** A failure found under a name in a map of records; where the name is a record id, it is told. */
export const refusedUnder = (id: string, failed: Failure): Failure => ({
  ...failed,
  _tag: 'ImportRefused',
  ...(failed.recordId === undefined && RecordId.is(id) ? { recordId: id } : {})
})

export const refusal = (message: string, path?: string): Failure =>
  failure('ImportRefused', message, path === undefined ? {} : { path })

/** The words are the predecessor's, so that its users know them; what is wrong, and where, is added. */
export const malformed = (
  form: 'versioned idempotency key file' | 'legacy idempotency key map',
  why: string,
  path: string
): Failure => refusal(`failed to parse ${form}: ${path} ${why}`, path)

export const notJson = (why: string, path: string): Failure =>
  refusal(`failed to parse idempotency keys: not valid JSON: ${why} (at ${path})`, path)

export const notUtf8: Failure = refusal('failed to read idempotency keys: the file is not UTF-8 text')

/** Reads a part of the file, named `id` where it stands in a map of records. */
export const readPart = (text: string, reader: Reader, id = ''): Parsed<ExactJson> => {
  const parsed = parseExactJson(text, reader)
  if (E.isRight(parsed)) return parsed
  const message = `failed to parse idempotency keys: ${parsed.left.message}`
  return E.left(refusedUnder(id, { ...parsed.left, message }))
}
