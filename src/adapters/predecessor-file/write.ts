import type { IdempotencyRecord } from '../../domain/record.ts'
import { pretty } from './pretty.ts'
import { fileVersion, toFileRecord } from './to-file-record.ts'

type Records = Iterable<IdempotencyRecord>

const byId = (a: IdempotencyRecord, b: IdempotencyRecord): number => (a.recordId < b.recordId ? -1 : 1)

function* texts(records: ReadonlyArray<IdempotencyRecord>): Generator<string, void> {
  yield `{\n  "schema_version": ${fileVersion},\n  "records": {`
  let comma = ''
  for (const record of records) {
    yield `${comma}\n    "${record.recordId}": `
    yield* pretty(toFileRecord(record), '    ')
    comma = ','
  }
  yield comma === '' ? '}\n}' : '\n  }\n}'
}

async function* collected(records: AsyncIterable<IdempotencyRecord>): AsyncGenerator<string, void> {
  const all: Array<IdempotencyRecord> = []
  for await (const record of records) all.push(record)
  yield* texts(all.sort(byId))
}

/**
 * The predecessor's file, schema version 1, as the predecessor writes it, piece by piece and sorted by record id. What
 * the file has no place for (duplicates, epoch, lease) is left out.
 */
export function writePredecessorFile(records: Records): Generator<string, void>
export function writePredecessorFile(records: AsyncIterable<IdempotencyRecord>): AsyncGenerator<string, void>
export function writePredecessorFile(records: Records | AsyncIterable<IdempotencyRecord>) {
  return Symbol.asyncIterator in records ? collected(records) : texts([...records].sort(byId))
}
