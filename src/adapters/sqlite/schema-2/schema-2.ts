import { boundsOf, streamName, streamOf } from '../codec/stream-name.ts'
import { type FileSchema, form, revisionIndex } from '../file-schema.ts'
import { whole } from '../row.ts'
import { eventColumns, logColumns, maxStoredBytes, pageColumns, recorded, streamColumns } from './recorded.ts'

const table = `CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name BLOB,
  type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (first, revision)
) STRICT`

const streams = 'CREATE UNIQUE INDEX streams ON events (name) WHERE name IS NOT NULL'

const removed = `CREATE TABLE removed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  position INTEGER NOT NULL
) STRICT`

/** A position is given once, whoever removes events: who follows the log has passed it. */
const removal = `CREATE TRIGGER removal AFTER DELETE ON events BEGIN
  INSERT INTO removed VALUES (1, OLD.position)
    ON CONFLICT (one) DO UPDATE SET position = max(position, excluded.position);
END`

/** The statements that make an empty file a store. */
export const make = [table, streams, removed, removal].join(';\n')

/** Where a stream begins, by its name. */
export const firstOf = '(SELECT position FROM events INDEXED BY streams WHERE name = ?1)'

const columns = 'position, first, revision, name, type, at, body'

export const insert = `INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`

/** Without an event before it `first` is NULL, which the table refuses as it refuses a place that is taken. */
export const insertAfter = `INSERT INTO events (${columns})
  VALUES (?2, (SELECT first FROM events WHERE first = ${firstOf} AND revision = ?3 - 1), ?3, NULL, ?4, ?5, ?6)`

/**
 * The same where the place may be taken: then nothing is inserted, which is no failure and costs the driver no error. Any
 * other constraint still is one.
 */
export const insertIfFree = `${insert} ON CONFLICT (name) WHERE name IS NOT NULL DO NOTHING`
export const insertAfterIfFree = `${insertAfter} ON CONFLICT (first, revision) DO NOTHING`

export const lastRevision = `SELECT ${whole('revision')} FROM events WHERE first = ${firstOf} ORDER BY revision DESC LIMIT 1`

const head = 'LEFT JOIN events AS head NOT INDEXED ON head.position = events.first'
const range = 'events.position > ?1 AND events.position <= ?2'
// the plus keeps SQLite from the index of names, by which every page would sort the whole of its prefix
const ofPrefix = '(+head.name >= ?4 AND +head.name < ?5 OR +head.name >= ?6)'

/** 1 where both indexes lead to an event: commands find their events by them alone. */
const isFound = '(named.position IS events.first AND placed.position IS events.position)'
const byIndex = `LEFT JOIN events AS named INDEXED BY streams ON named.name = head.name
     LEFT JOIN events AS placed INDEXED BY ${revisionIndex}
       ON placed.first = events.first AND placed.revision = events.revision`

const scanned = `FROM events ${head} ${byIndex}
     WHERE ${range} AND (${ofPrefix} OR NOT ${isFound}) ORDER BY events.position LIMIT ?3`

/** The name of a stream, if it is one that somebody may have given. */
const shortName = 'CASE WHEN octet_length(head.name) < 1024 THEN CAST(head.name AS BLOB) END'

const beside = (columns: string, index: string, of: string, order: string): string =>
  `SELECT * FROM (SELECT ${columns} FROM events INDEXED BY ${index} WHERE ${of} ORDER BY ${order} LIMIT 1)`

const name = (of: string, order = 'name'): string => beside('name, position', 'streams', of, order)
const place = (of: string, order: string): string => beside('first, revision, position', revisionIndex, of, order)

/** The index and the row say different things: one flipped bit in the index leads the search for other names astray. */
const misled = 'there.name IS NOT beside.name OR there.first IS NOT there.position'

const strayNames = (
  ...beside: ReadonlyArray<string>
): string => `SELECT 1 FROM (${beside.join(' UNION ALL ')}) AS beside
     LEFT JOIN events AS there NOT INDEXED ON there.position = beside.position WHERE ${misled}`

const strayPlaces = (
  ...beside: ReadonlyArray<string>
): string => `SELECT 1 FROM (${beside.join(' UNION ALL ')}) AS beside
     LEFT JOIN events AS there NOT INDEXED ON there.position = beside.position
     WHERE there.first IS NOT beside.first OR there.revision IS NOT beside.revision
       OR (there.first = ${firstOf} AND beside.revision <> ?2 + 1)`

const namesAround = [name('name < ?1', 'name DESC'), name('name > ?1')]
const ownName = name('name = ?1')
const before = place(`(first, revision) < (${firstOf}, 0)`, 'first DESC, revision DESC')
const after = place(`(first, revision) > (${firstOf}, ?2)`, 'first, revision')

/** Of a stream that is not there, as its name is not in the index: a row where that may be damage. */
export const nameStrays = strayNames(...namesAround)

/** Events as numbers and bytes, each stream named once (from 0.2 on). */
export const schema2: FileSchema = {
  version: 2,
  objects: new Set([
    form('table', 'events', 'events', table),
    form('index', revisionIndex, 'events', ''),
    form('index', 'streams', 'events', streams),
    form('table', 'removed', 'removed', removed),
    form('trigger', 'removal', 'events', removal)
  ]),
  // of a file that was of schema 1; a VACUUM takes it away
  allowed: new Set([form('table', 'sqlite_sequence', 'sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)')]),
  lastPosition:
    'SELECT max(coalesce((SELECT max(position) FROM events), 0), coalesce((SELECT position FROM removed), 0))',
  forwards: `SELECT ${streamColumns} FROM events
     WHERE first = ${firstOf} AND revision >= ?2 ORDER BY revision LIMIT ?3`,
  backwards: `SELECT ${streamColumns} FROM events
     WHERE first = ${firstOf} AND revision <= ?2 ORDER BY revision DESC LIMIT ?3`,
  strays: `${strayNames(ownName, ...namesAround)} UNION ALL ${strayPlaces(before, after)}`,
  straysAfter: `${strayNames(ownName)} UNION ALL ${strayPlaces(after)}`,
  scan: `SELECT ${logColumns}, ${isFound} ${scanned}`,
  scanAtOnce: `SELECT count(*), min(found), ${pageColumns}
     FROM (SELECT ${eventColumns}, ${isFound} AS found ${scanned})`,
  sizes: `SELECT events.position, iif(octet_length(events.body) <= ${maxStoredBytes}, octet_length(events.body), 0) + coalesce(octet_length(head.name), 0) AS size
     FROM events ${head} WHERE ${range} AND ${ofPrefix} ORDER BY events.position LIMIT ?3`,
  indexed: `SELECT events.position, events.revision, ${shortName}
     FROM events INDEXED BY ${revisionIndex} ${head} WHERE ${range} AND ${ofPrefix}`,
  alone: `SELECT ${logColumns}, 0 FROM events NOT INDEXED ${head} WHERE events.position = ?`,
  nameAt: `SELECT ${shortName} FROM events ${head} WHERE events.position = ?`,
  headless: `SELECT position FROM events WHERE revision > 0 AND NOT EXISTS (
     SELECT 1 FROM events AS head NOT INDEXED
     WHERE head.position = events.first AND head.revision = 0 AND head.name IS NOT NULL) LIMIT 1`,
  read: recorded,
  nameOf: streamName,
  streamOf: (bytes) => (Buffer.isBuffer(bytes) ? streamOf(bytes) : undefined),
  boundsOf
}
