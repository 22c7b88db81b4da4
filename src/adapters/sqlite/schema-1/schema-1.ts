import { type FileSchema, form, revisionIndex } from '../file-schema.ts'
import { maxEventBytes, textOf, whole } from '../row.ts'
import { columns, octets, recorded } from './recorded.ts'

const table = `CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  UNIQUE (stream, revision)
) STRICT`

// the plus keeps SQLite from the index of names, by which every page would sort the whole of its prefix
const ofPrefix = '+stream >= ?4 AND +stream < ?5'
const range = 'position > ?1 AND position <= ?2'

/** The name of a stream, if it is one that somebody may have given. */
const shortName = 'CASE WHEN octet_length(stream) < 1024 THEN CAST(stream AS BLOB) END'

/** Where the index of names leads to for an event: commands find their events by it alone. */
const byIndex = `(SELECT other.position FROM events AS other INDEXED BY ${revisionIndex}
  WHERE other.stream = events.stream AND other.revision = events.revision)`

const entry = (of: string, direction: 'ASC' | 'DESC'): string => `SELECT * FROM (
  SELECT stream, revision, position FROM events INDEXED BY ${revisionIndex} WHERE ${of}
  ORDER BY stream ${direction}, revision ${direction} LIMIT 1)`

const strays = (...beside: ReadonlyArray<string>): string => `SELECT 1 FROM (${beside.join(' UNION ALL ')}) AS beside
     LEFT JOIN events AS there NOT INDEXED ON there.position = beside.position
     WHERE there.stream IS NOT beside.stream OR there.revision IS NOT beside.revision
       OR (there.stream = ?1 AND beside.revision <> ?2 + 1)`

const after = entry('(stream, revision) > (?1, ?2)', 'ASC')

/** Events as five texts each (until 0.1). It is read, and migrated; nothing is written to it any more. */
export const schema1: FileSchema = {
  version: 1,
  objects: new Set([
    form('table', 'events', 'events', table),
    form('index', revisionIndex, 'events', ''),
    form('table', 'sqlite_sequence', 'sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)')
  ]),
  allowed: new Set(),
  // it never goes back, even where events are removed
  lastPosition: "SELECT CAST((SELECT seq FROM sqlite_sequence WHERE name = 'events') AS INTEGER)",
  forwards: `SELECT ${columns} FROM events WHERE stream = ?1 AND revision >= ?2 ORDER BY revision LIMIT ?3`,
  backwards: `SELECT ${columns} FROM events WHERE stream = ?1 AND revision <= ?2 ORDER BY revision DESC LIMIT ?3`,
  strays: strays(entry('(stream, revision) < (?1, 0)', 'DESC'), after),
  straysAfter: strays(after),
  scan: `SELECT ${columns}, ${byIndex} IS position FROM events
     WHERE ${range} AND (${ofPrefix} OR ${byIndex} IS NOT position) ORDER BY position LIMIT ?3`,
  sizes: `SELECT position, iif(${octets} <= ${maxEventBytes}, ${octets}, 0) AS size FROM events
     WHERE ${range} AND ${ofPrefix} ORDER BY position LIMIT ?3`,
  indexed: `SELECT position, ${whole('revision')}, ${shortName} FROM events INDEXED BY ${revisionIndex}
     WHERE stream >= ?4 AND stream < ?5 AND ${range}`,
  alone: `SELECT ${columns}, 0 FROM events NOT INDEXED WHERE position = ?`,
  nameAt: `SELECT ${shortName} FROM events WHERE position = ?`,
  read: recorded,
  nameOf: (stream) => stream,
  streamOf: textOf,
  // greater than every text that starts with the prefix: no code point follows U+10FFFF
  boundsOf: (prefix) => [prefix, `${prefix}\u{10FFFF}`]
}
