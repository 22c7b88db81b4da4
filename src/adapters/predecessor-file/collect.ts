import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { hashParts, type Sha256 } from '../../domain/hash-parts.ts'
import { pathTo } from '../../domain/json-path.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { ExactJson } from '../exact-json/parse.ts'
import { integers } from './file-values.ts'
import { fromFileRecord } from './from-file-record.ts'
import type { Piece } from './members.ts'
import { malformed, readPart, refusedUnder } from './refusals.ts'
import { fileVersion } from './to-file-record.ts'

type Records = ReadonlyArray<IdempotencyRecord>

/** Gathers the pieces of a file; `records` judges the whole, once all of them are there. */
export type Collection = {
  /** Adds a piece, or says why it ends the file. */
  readonly add: (piece: Piece) => Failure | undefined
  readonly records: () => Parsed<Records>
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
    all: (): Parsed<Records> => {
      const fault = first ?? faults.values().next().value
      return fault === undefined ? E.right([...records.values()]) : E.left(fault)
    }
  }
}

/** The version's type is a 32-bit integer there; a record of the bare map that stands under this name is none. */
const maxVersion = 2 ** 32 - 1

const versioned = 'versioned idempotency key file'
const legacy = 'legacy idempotency key map'

/** Why a file of this version is refused, where it is. */
const versionFault = (text: string): Failure | undefined => {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(text) || Number(text) > maxVersion) {
    return malformed(versioned, `must be a whole number from 0 to ${maxVersion}`, '$.schema_version')
  }
  const version = Number(text)
  if (version <= fileVersion) return undefined
  const message = `idempotency keys schema version ${version} is newer than supported version ${fileVersion}`
  return failure('UnsupportedVersion', message, { path: '$.schema_version' })
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

  const addOfFile = (name: string, text: string): Failure | undefined => {
    const path = pathTo('$', name)
    const parsed = readPart(text, { path, within: 1, integers }, name)
    if (E.isLeft(parsed)) return parsed.left
    if (name === 'schema_version') version = text
    else if (name === 'records') recordsAre = 'no object'
    else if (version === undefined) bare.put(name, path, parsed.right)
    return undefined
  }

  const addOfRecords = (name: string, text: string): Failure | undefined => {
    const path = pathTo('$.records', name)
    const parsed = readPart(text, { path, within: 2, integers }, name)
    if (E.isLeft(parsed)) return parsed.left
    records.put(name, path, parsed.right)
    return undefined
  }

  return {
    add: (piece) => {
      switch (piece._tag) {
        case 'Records':
          records = recordMap(sha256)
          recordsAre = 'an object'
          return undefined
        case 'Other': {
          other = true
          const parsed = readPart(piece.text, {})
          return E.isLeft(parsed) ? parsed.left : undefined
        }
        case 'Member':
          return (piece.of === 'file' ? addOfFile : addOfRecords)(piece.name, piece.text)
      }
    },
    records: () => {
      if (other) return E.left(malformed(legacy, 'must be an object', '$'))
      if (version !== undefined) {
        const fault = versionFault(version)
        if (fault !== undefined) return E.left(fault)
        if (recordsAre === 'no object') return E.left(malformed(versioned, 'must be an object', '$.records'))
        return records.all()
      }
      if (recordsAre !== 'absent') {
        return E.left(malformed(legacy, 'is no record, and no schema_version is beside it', '$.records'))
      }
      return bare.all()
    }
  }
}
