import type { ViewShape } from '../../../application/ports/view-store.ts'
import { form } from '../file-schema.ts'

// How views lie in a file, one of their own or an event store's. An event store admits nothing beside its events but what
// has exactly these forms: tables that nothing refers to, plain indexes over them, and SELECTs of one table. None of them
// can hold up, change or take back what is written to the events.

/** "keyv" in ASCII: marks a file of views alone in SQLite's own header. */
export const idOfViews = 0x6b657976

/** The tables that all views have in common. */
export const commonTables: { readonly [name: string]: string } = {
  generations: `CREATE TABLE generations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, version INTEGER NOT NULL, category TEXT NOT NULL,
  partitions INTEGER NOT NULL, standing TEXT NOT NULL CHECK (standing IN ('live', 'building')), columns TEXT NOT NULL,
  UNIQUE (name, standing)
) STRICT`,
  checkpoints: `CREATE TABLE checkpoints (
  generation INTEGER NOT NULL, partition INTEGER NOT NULL, seq INTEGER NOT NULL, epoch INTEGER NOT NULL,
  position TEXT NOT NULL, anchor TEXT, events INTEGER NOT NULL, recorded_at_ms INTEGER, applied_at_ms INTEGER NOT NULL,
  rate REAL NOT NULL, PRIMARY KEY (generation, partition)
) STRICT, WITHOUT ROWID`,
  parked: `CREATE TABLE parked (
  generation INTEGER NOT NULL, record_id TEXT NOT NULL, partition INTEGER NOT NULL, position TEXT NOT NULL, stream TEXT,
  revision TEXT, last_revision TEXT, waiting INTEGER NOT NULL, tag TEXT NOT NULL, reason TEXT NOT NULL,
  parked_at_ms INTEGER NOT NULL, PRIMARY KEY (generation, record_id)
) STRICT, WITHOUT ROWID`,
  skipped: `CREATE TABLE skipped (
  name TEXT NOT NULL, record_id TEXT NOT NULL, revision TEXT, position TEXT NOT NULL, actor TEXT NOT NULL,
  reason TEXT NOT NULL, skipped_at_ms INTEGER NOT NULL, PRIMARY KEY (name, position)
) STRICT, WITHOUT ROWID`
}

/** The statements that make them. */
export const makeCommon = Object.values(commonTables).join('; ')

const common: ReadonlySet<string> = new Set([
  ...Object.entries(commonTables).map(([name, sql]) => form('table', name, name, sql)),
  form('index', 'sqlite_autoindex_generations_1', 'generations', ''),
  form('table', 'sqlite_sequence', 'sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)')
])

const types = { text: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const

/** Names come from a projection that was checked: they hold small letters, digits and "_" alone. */
export const quote = (name: string): string => `"${name}"`

export const tableOf = (generation: number): string => `view_${generation}`

const head = 'row TEXT NOT NULL, partition INTEGER NOT NULL, state TEXT NOT NULL'
// rows lie in the order in which they came, so that those of one commit, which are large, lie together; by their names,
// which are hashes, each of them would be a page of its own
const tail = 'PRIMARY KEY (row, partition)) STRICT'

/** The table of a build. */
export const makeBuild = (generation: number, columns: ViewShape['columns']): string => {
  const more = Object.entries(columns).map(([name, type]) => `${quote(name)} ${types[type]}, `)
  return `CREATE TABLE ${tableOf(generation)} (${head}, ${more.join('')}${tail}`
}

/** One of its indexes. */
export const makeIndex = (generation: number, index: number, names: ReadonlyArray<string>): string => {
  const table = tableOf(generation)
  return `CREATE INDEX ${table}_${index} ON ${table} (${names.map(quote).join(', ')})`
}

/** What readers by SQL see under a projection's name. */
export const makeShown = (name: string, generation: number, columns: ReadonlyArray<string>): string => {
  const shown = ['row', ...columns, 'state', 'partition'].map(quote).join(', ')
  return `CREATE VIEW ${quote(name)} AS SELECT ${shown} FROM ${tableOf(generation)}`
}

const literal = (text: string): string => text.replace(/[()]/g, '\\$&')
const name = '[a-z][a-z0-9_]{0,47}'
const ofBuilds: ReadonlyArray<RegExp> = [
  `table\n(view_\\d{1,16})\n\\1\nCREATE TABLE \\1 \\(${head}, (?:"${name}" (?:TEXT|INTEGER|REAL), ){0,64}${literal(tail)}(?:, WITHOUT ROWID)?`,
  'index\nsqlite_autoindex_(view_\\d{1,16})_1\n\\1\n',
  `index\n(view_\\d{1,16})_(\\d{1,2})\n\\1\nCREATE INDEX \\1_\\2 ON \\1 \\("${name}"(?:, "${name}"){0,63}\\)`,
  `view\n(${name})\n\\1\nCREATE VIEW "\\1" AS SELECT "row"(?:, "${name}"){0,64}, "state", "partition" FROM view_\\d{1,16}`
].map((text) => new RegExp(`^${text}$`))

/** Whether an object of the schema, as `form` writes it, is one of views. */
export const isOfViews = (object: string): boolean => common.has(object) || ofBuilds.some((one) => one.test(object))
