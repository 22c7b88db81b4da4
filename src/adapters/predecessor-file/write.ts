import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { fileVersion, toFileRecord } from './file-record.ts'

const byUtf8 = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b))

/** A double of 1e16 and more with an exponent: as an integer literal it would not fit the predecessor's types. */
const numeral = (value: number): string => {
  if (Math.abs(value) < 1e16) return String(value)
  const text = value.toExponential()
  return text
}

/** Two-space pretty JSON; `sorted` puts an object's keys in UTF-8 byte order, as the predecessor's `details` are. */
const pretty = (value: Json, indent: string, sorted: boolean): string => {
  if (typeof value === 'number') return numeral(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const within = `${indent}  `
  if (Array.isArray(value)) {
    return value.length === 0
      ? '[]'
      : `[\n${value.map((item: Json) => within + pretty(item, within, sorted)).join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value)
  if (members.length === 0) return '{}'
  if (sorted) members.sort(byUtf8)
  const lines = members.map(
    ([key, item]) => `${within}${JSON.stringify(key)}: ${pretty(item, within, sorted || key === 'details')}`
  )
  return `{\n${lines.join(',\n')}\n${indent}}`
}

/** The predecessor's file, piece by piece: schema version 1, its records in the order in which they come. */
export function* writePredecessorFile(records: Iterable<IdempotencyRecord>): Generator<string> {
  yield `{\n  "schema_version": ${fileVersion},\n  "records": {`
  let first = true
  for (const record of records) {
    yield `${first ? '' : ','}\n    ${JSON.stringify(record.recordId)}: ${pretty(toFileRecord(record), '    ', false)}`
    first = false
  }
  yield first ? '}\n}' : '\n  }\n}'
}
