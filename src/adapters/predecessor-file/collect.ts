import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { hashParts, type Sha256 } from '../../domain/hash-parts.ts'
import { pathTo } from '../../domain/json-path.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { ExactJson } from '../exact-json/parse.ts'
import { Refusal } from '../exact-json/refusal.ts'
import { integers } from './fields.ts'
import { fileVersion, fromFileRecord } from './file-record.ts'
import type { Piece } from './members.ts'
import { malformed, readPart, refusedUnder } from './refusals.ts'

type Records = ReadonlyArray<IdempotencyRecord>

/** Gathers the pieces of a file; `records` judges the whole, once all of them are there. */
export type Collection = {
  readonly add: (piece: Piece) => void
  readonly records: () => Records
}

/**
 * Faults take fifty times their text, and each is kept for as long as a later record of its name may take its place. A
 * map that has so many at a time is refused in any case.
 */
const maxFaults = 10_000

/** Records under their names, and what is wrong with those that are none. Of records with one name the last counts. */
const recordMap = (sha256: Sha256) => {
  const read = fromFileRecord(sha256)
  const records = new Map<string, IdempotencyRecord>()
  const faults = new Map<string, Failure>()
  /** The first of too many faults. */
  let first: Failure | undefined
  const refuse = (name: string, fault: Failure): void => {
    faults.set(name, fault)
    if (faults.size < maxFaults) return
    first = [...faults.values()][0]
    faults.clear()
    records.clear()
  }
  return {
    put: (id: string, path: string, { value, floats }: ExactJson): void => {
      if (first !== undefined) return
      const record = read(value, { path, id, floats })
      // no record stands under a long name: all that must be known of one is whether it comes again
      const name = id.length > 100 ? hashParts(sha256, [id]) : id
      records.delete(id)
      faults.delete(name)
      if (E.isRight(record)) records.set(id, record.right)
      else refuse(name, refusedUnder(id, record.left))
    },
    all: (): Records => {
      const fault = first ?? faults.values().next().value
      if (fault !== undefined) throw new Refusal(fault)
      return [...records.values()]
    }
  }
}

/** The version's type is a 32-bit integer there; a record of the bare map that stands under this name is none. */
const maxVersion = 2 ** 32 - 1

const versioned = 'versioned idempotency key file'
const legacy = 'legacy idempotency key map'

const supported = (text: string): void => {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(text) || Number(text) > maxVersion) {
    throw malformed(versioned, `must be a whole number from 0 to ${maxVersion}`, '$.schema_version')
  }
  const version = Number(text)
  if (version <= fileVersion) return
  const message = `idempotency keys schema version ${version} is newer than supported version ${fileVersion}`
  throw new Refusal(failure('UnsupportedVersion', message, { path: '$.schema_version' }))
}

/**
 * A file is versioned where its object has a `schema_version`, wherever that stands, and else a bare map of records:
 * until one is seen, every other member may be a record. What is wrong with a record is held back, since a later one
 * of the same name would take its place, as it did there.
 */
export const collection = (sha256: Sha256): Collection => {
  let version: string | undefined
  let records = recordMap(sha256)
  let recordsAre: 'absent' | 'an object' | 'no object' = 'absent'
  const bare = recordMap(sha256)
  let other = false

  const addOfFile = (name: string, text: string): void => {
    const path = pathTo('$', name)
    const parsed = readPart(text, { path, within: 1, integers }, name)
    if (name === 'schema_version') version = text
    else if (name === 'records') recordsAre = 'no object'
    else if (version === undefined) bare.put(name, path, parsed)
  }

  return {
    add: (piece) => {
      switch (piece._tag) {
        case 'Records':
          records = recordMap(sha256)
          recordsAre = 'an object'
          return
        case 'Other':
          readPart(piece.text, {})
          other = true
          return
        case 'Member': {
          const { of, name, text } = piece
          if (of === 'file') return addOfFile(name, text)
          const path = pathTo('$.records', name)
          records.put(name, path, readPart(text, { path, within: 2, integers }, name))
        }
      }
    },
    records: () => {
      if (other) throw malformed(legacy, 'must be an object', '$')
      if (version !== undefined) {
        supported(version)
        if (recordsAre === 'no object') throw malformed(versioned, 'must be an object', '$.records')
        return records.all()
      }
      if (recordsAre !== 'absent')
        throw malformed(legacy, 'is no record, and no schema_version is beside it', '$.records')
      return bare.all()
    }
  }
}
