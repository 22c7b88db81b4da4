import type { Checkpoint, Cursor, Generation, Loaded, ViewCommit } from '../../../application/ports/view-store.ts'
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
}

export const viewMemory = (): ViewMemory => ({
  generations: new Map(),
  builds: new Map(),
  checkpoints: new Map(),
  partitions: new Map()
})

export const forget = ({ generations, builds, checkpoints, partitions }: ViewMemory): void => {
  for (const known of [generations, builds, checkpoints, partitions]) known.clear()
}

export const placeOf = ({ generation, partition }: Cursor): string => `${generation}/${partition}`

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
  // keys that begin or end to wait are rare, and read again
  if (parked.length > 0 || unparked.length > 0 || skipped !== undefined) memory.partitions.delete(place)
  else memory.partitions.set(place, { ...before, seq: before.seq + 1, checkpoint })
  const all = memory.checkpoints.get(generation)
  if (all !== undefined) memory.checkpoints.set(generation, all.with(partition, checkpoint))
}
