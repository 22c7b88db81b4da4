import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/identity.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import { parseExactJson } from '../exact-json/parse.ts'
import { FieldFault, fieldsOf, whole } from './fields.ts'
import { fileVersion, fromFileRecord } from './file-record.ts'

const refused = (message: string, path?: string): Failure =>
  failure('ImportRefused', message, path === undefined ? {} : { path })

const tooNew = (version: number): Failure =>
  failure(
    'UnsupportedVersion',
    `idempotency keys schema version ${version} is newer than supported version ${fileVersion}`
  )

const maxU32 = 2 ** 32 - 1

/** The map of records in either form of the file: versioned where it has a `schema_version`, else the bare map. */
const recordsOf = (value: Json, floats: ReadonlySet<string>): E.Either<Failure, { map: Json; path: string }> => {
  const top = fieldsOf(value, '$', floats)
  if (top.get('schema_version') === undefined) return E.right({ map: value, path: '$' })
  const version = whole(top, 'schema_version')
  if (version > maxU32) return E.left(refused('failed to parse versioned idempotency key file', '$.schema_version'))
  if (version > fileVersion) return E.left(tooNew(version))
  return E.right({ map: top.get('records') === undefined ? {} : (top.get('records') ?? null), path: '$.records' })
}

const decode = (bytes: Uint8Array): E.Either<Failure, string> => {
  try {
    return E.right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return E.left(refused('the file is not UTF-8'))
  }
}

/**
 * Reads the predecessor's file whole: every record, or the reason why the file is refused (`ImportRefused`, or
 * `UnsupportedVersion`), with the JSON path.
 */
export const readPredecessorFile =
  (sha256: Sha256) =>
  (bytes: Uint8Array): E.Either<Failure, ReadonlyArray<IdempotencyRecord>> => {
    const text = decode(bytes)
    if (E.isLeft(text)) return text
    const content = trimWhiteSpace(text.right)
    if (content === '' || content === '{}') return E.right([])
    const parsed = parseExactJson(text.right)
    if (E.isLeft(parsed)) {
      return E.left(refused(`failed to parse idempotency keys: ${parsed.left.message}`, parsed.left.path))
    }
    const { value, floats } = parsed.right
    try {
      const found = recordsOf(value, floats)
      if (E.isLeft(found)) return found
      const { map, path } = found.right
      fieldsOf(map, path, floats)
      const read = fromFileRecord(sha256)
      return E.right(
        Object.entries(map as { readonly [id: string]: Json }).map(([id, record]) =>
          read(record, id, /^[A-Za-z_$][\w$]*$/.test(id) ? `${path}.${id}` : `${path}[${JSON.stringify(id)}]`, floats)
        )
      )
    } catch (cause) {
      if (cause instanceof FieldFault) return E.left(refused(cause.message, cause.path))
      throw cause
    }
  }
