import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { asyncDisposable } from '../../application/ports/async-disposable.ts'
import type {
  Checkpoint,
  Committed,
  Cursor,
  Generation,
  OpenedViewStore,
  ParkedKey,
  SkippedEvent,
  StoredRow,
  ViewCommit,
  ViewStore
} from '../../application/ports/view-store.ts'
import { type Failure, failure } from '../../domain/failure.ts'

const disposedOf = failure('StoreUnavailable', 'the store of views is disposed of')

const atStart: Checkpoint = { position: 'start', events: 0, appliedAtMs: 0, rate: 0 }

type Partition = { seq: number; epoch: number; checkpoint: Checkpoint }

type Build = {
  generation: Generation
  readonly partitions: ReadonlyArray<Partition>
  readonly rows: Map<string, StoredRow>
  readonly parked: Map<string, ParkedKey>
}

const place = (row: string, partition: number): string => `${partition}/${row}`

const byRow = (a: StoredRow, b: StoredRow): number =>
  Buffer.compare(Buffer.from(a.row), Buffer.from(b.row)) || a.partition - b.partition

/** Where in rows that are in order those after a row begin. */
const placeAfter = (rows: ReadonlyArray<StoredRow>, after: StoredRow): number => {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const one = rows[middle]
    if (one !== undefined && byRow(one, after) <= 0) from = middle + 1
    else to = middle
  }
  return from
}

/** Views in this process's memory: the executable specification of the port, and a store for tests. */
export const memoryViews = (): OpenedViewStore => {
  const builds = new Map<number, Build>()
  const skipped = new Map<string, ReadonlyArray<SkippedEvent>>()
  let last = 0
  let isOver = false

  const answering =
    <A>(work: () => A): TaskEither<Failure, A> =>
    async () =>
      isOver ? E.left(disposedOf) : E.right(work())

  const of = (name: string): ReadonlyArray<Build> =>
    [...builds.values()].filter(({ generation }) => generation.name === name)

  const skippedOf = ({ generation: { name } }: Build): ReadonlyArray<SkippedEvent> => skipped.get(name) ?? []

  const write = (build: Build, at: Partition, commit: ViewCommit): void => {
    at.seq++
    at.checkpoint = commit.checkpoint
    for (const { row, state } of commit.rows) {
      if (state === undefined) build.rows.delete(place(row, commit.partition))
      else build.rows.set(place(row, commit.partition), { row, partition: commit.partition, state })
    }
    for (const recordId of commit.unparked ?? []) build.parked.delete(recordId)
    for (const key of commit.parked) build.parked.set(key.recordId, key)
    if (commit.skipped !== undefined) {
      skipped.set(build.generation.name, [...skippedOf(build), commit.skipped])
    }
  }

  const partitionAt = ({ generation, partition }: Cursor) => {
    const build = builds.get(generation)
    const at = build?.partitions[partition]
    return build === undefined || at === undefined ? undefined : { build, at }
  }

  const store: ViewStore = {
    generations: (name) =>
      answering(() =>
        [...builds.values()]
          .map(({ generation }) => generation)
          .filter((generation) => name === undefined || generation.name === name)
      ),
    create: (spec) => async () => {
      if (isOver) return E.left(disposedOf)
      const beside = of(spec.name).find(({ generation }) => generation.standing === spec.standing)
      if (beside !== undefined && spec.standing === 'live') {
        return E.left(failure('Contended', `${spec.name} has a live build already`))
      }
      if (beside !== undefined) builds.delete(beside.generation.id)
      const generation: Generation = { ...spec, id: ++last }
      const partitions = Array.from({ length: spec.partitions }, () => ({ seq: 0, epoch: 0, checkpoint: atStart }))
      builds.set(generation.id, { generation, partitions, rows: new Map(), parked: new Map() })
      return E.right(generation)
    },
    fence: (cursor, epoch) =>
      answering(() => {
        const found = partitionAt(cursor)
        if (found === undefined) return 'Gone'
        if (found.at.epoch > epoch) return 'Fenced'
        found.at.epoch = epoch
        return 'Committed'
      }),
    load: (cursor, rows) =>
      answering(() => {
        const found = partitionAt(cursor)
        if (found === undefined) return 'Gone'
        const { build, at } = found
        const wanted = rows.flatMap((row) => {
          const stored = build.rows.get(place(row, cursor.partition))
          return stored === undefined ? [] : [[row, stored.state] as const]
        })
        const parked = [...build.parked.values()].filter(({ partition }) => partition === cursor.partition)
        return { ...at, rows: new Map(wanted), parked, skipped: skippedOf(build) }
      }),
    commit: (commit) =>
      answering((): Committed => {
        const found = partitionAt(commit)
        if (found === undefined) return 'Gone'
        if (found.at.epoch > commit.epoch) return 'Fenced'
        if (found.at.seq !== commit.seq) return 'Moved'
        write(found.build, found.at, commit)
        return 'Committed'
      }),
    promote: (id) =>
      answering(() => {
        const build = builds.get(id)
        if (build === undefined) return 'Gone'
        for (const { generation } of of(build.generation.name)) if (generation.id !== id) builds.delete(generation.id)
        build.generation = { ...build.generation, standing: 'live' }
        return 'Committed'
      }),
    drop: (id) => answering(() => void builds.delete(id)),
    checkpoints: (id) => answering(() => (builds.get(id)?.partitions ?? []).map(({ checkpoint }) => checkpoint)),
    parked: (id) => answering(() => [...(builds.get(id)?.parked.values() ?? [])]),
    row: (name, row) =>
      answering(() => {
        const live = of(name).find(({ generation }) => generation.standing === 'live')
        const rows = [...(live?.rows.values() ?? [])].filter((one) => one.row === row).sort(byRow)
        return rows.map(({ state }) => state)
      }),
    snapshot: (id) =>
      answering(() => {
        const build = builds.get(id)
        if (build === undefined) return 'Gone'
        const rows = [...build.rows.values()].sort(byRow)
        return {
          checkpoints: build.partitions.map(({ checkpoint }) => checkpoint),
          parked: [...build.parked.values()],
          skipped: skippedOf(build),
          rows: (after, limit) => {
            if (after === undefined) return rows.slice(0, limit)
            const [row, partition] = after
            const from = placeAfter(rows, { row, partition, state: '' })
            return rows.slice(from, from + limit)
          },
          close: () => {}
        }
      }),
    dispose: async () => {
      isOver = true
    }
  }
  return asyncDisposable(store, (it) => it.dispose())
}
