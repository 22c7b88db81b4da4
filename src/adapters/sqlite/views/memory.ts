import type {
  Checkpoint,
  Cursor,
  Generation,
  Loaded,
  RowChange,
  ViewCommit
} from '../../../application/ports/view-store.ts'
import type { Row } from '../connection.ts'

type Partition = Omit<Loaded, 'rows'>

/**
 * What a connection knows of its views, so that it need not ask again before each append. It holds only while nobody else
 * has committed, and until a transaction of its own was taken back: whoever has it clears it then.
 */
export type ViewMemory = {
  readonly generations: Map<string | undefined, ReadonlyArray<Generation>>
  readonly builds: Map<number, Row | undefined>
  readonly checkpoints: Map<number, ReadonlyArray<Checkpoint>>
  readonly partitions: Map<string, Partition | undefined>
  /** Rows as they were written last, by their place and name, and about how many bytes they take. */
  readonly rows: Map<string, RowChange>
  rowBytes: number
}

/** Beyond so many bytes the rows are forgotten: one that is written is mostly written again soon, or not at all. */
const mostRowBytes = 8 * 1024 * 1024

/** A row beside its texts: its numbers, and what holds it. */
const perRow = 1000

/** About how many bytes it takes to know a row: its name is known by, too. */
const bytesOf = ({ row, state = '', columns }: RowChange): number => {
  let units = 2 * row.length + state.length
  for (const value of Object.values(columns)) if (typeof value === 'string') units += value.length
  return perRow + 2 * units
}

export const viewMemory = (): ViewMemory => ({
  generations: new Map(),
  builds: new Map(),
  checkpoints: new Map(),
  partitions: new Map(),
  rows: new Map(),
  rowBytes: 0
})

export const forget = (memory: ViewMemory): void => {
  const { generations, builds, checkpoints, partitions, rows } = memory
  for (const known of [generations, builds, checkpoints, partitions, rows]) known.clear()
  memory.rowBytes = 0
}

export const placeOf = ({ generation, partition }: Cursor): string => `${generation}/${partition}`

const rowAt = (at: Cursor, row: string): string => `${placeOf(at)}/${row}`

/** A row as it was written last, where that is known. */
export const knownRow = (memory: ViewMemory | undefined, at: Cursor, row: string): RowChange | undefined =>
  memory?.rows.get(rowAt(at, row))

/** What is known, or else is read and known from then on; read each time where nothing is to be remembered. */
export const remembered = <K, V>(known: Map<K, V> | undefined, key: K, read: () => V): V => {
  const there = known?.get(key)
  if (there !== undefined) return there
  const value = read()
  known?.set(key, value)
  return value
}

/** What a commit makes of what was known before it. */
export const commitTo = (memory: ViewMemory, before: Partition, commit: ViewCommit): void => {
  const { generation, partition, checkpoint, parked, unparked = [], skipped } = commit
  const place = placeOf(commit)
  for (const change of commit.rows) {
    memory.rowBytes += bytesOf(change)
    if (memory.rowBytes > mostRowBytes) {
      memory.rows.clear()
      memory.rowBytes = 0
    } else memory.rows.set(rowAt(commit, change.row), change)
  }
  // keys that begin or end to wait are rare, and read again
  if (parked.length > 0 || unparked.length > 0 || skipped !== undefined) memory.partitions.delete(place)
  else memory.partitions.set(place, { ...before, seq: before.seq + 1, checkpoint })
  const all = memory.checkpoints.get(generation)
  if (all !== undefined) memory.checkpoints.set(generation, all.with(partition, checkpoint))
}
