import assert from 'node:assert/strict'
import type { TaskEither } from 'fp-ts/TaskEither'
import type {
  Checkpoint,
  Committed,
  Generation,
  ParkedKey,
  RowChange,
  ViewCommit,
  ViewStore
} from '../../application/ports/view-store.ts'
import type { Failure } from '../../domain/failure.ts'

/** One case of the contract: what it says of a store of views, and how that is seen. It throws where it does not hold. */
export type ViewCase = readonly [says: string, run: (views: ViewStore) => Promise<void>]

/** What a task came to. */
export const ofTask = async <A>(task: TaskEither<Failure, A>): Promise<A> => {
  const result = await task()
  return result._tag === 'Right' ? result.right : assert.fail(`${result.left._tag}: ${result.left.message}`)
}

/** The tag that a task failed by. */
export const tagOf = async (task: TaskEither<Failure, unknown>): Promise<string> => {
  const result = await task()
  return result._tag === 'Left' ? result.left._tag : 'no failure'
}

export const checkpointAt = (position: string, events: number): Checkpoint => ({
  position,
  anchor: { stream: 'c-idem_1', revision: '4', id: 'id' },
  events,
  recordedAtMs: 5,
  appliedAtMs: 6,
  rate: 1.5
})

const shape = { columns: { label: 'text', size: 'integer' }, indexes: [['label', 'size']] } as const

export const made = (
  views: ViewStore,
  standing: Generation['standing'] = 'live',
  partitions = 2,
  version = 1
): Promise<Generation> => ofTask(views.create({ name: 'things', version, category: 'c', partitions, standing }, shape))

export const rowOf = (row: string, state: string | undefined, label: string | null = null): RowChange => ({
  row,
  state,
  columns: state === undefined ? {} : { label, size: 7 }
})

export const parkedKey = (recordId: string, over: Partial<ParkedKey> = {}): ParkedKey => ({
  recordId,
  partition: 0,
  position: '9',
  stream: `c-${recordId}`,
  revision: '3',
  lastRevision: '4',
  waiting: 2,
  tag: 'Threw',
  reason: 'because',
  parkedAtMs: 8,
  ...over
})

/** Commits on what is there. */
export const commit = async (
  views: ViewStore,
  { id: generation }: Generation,
  rows: ReadonlyArray<RowChange>,
  over: Partial<ViewCommit> = {}
): Promise<Committed> => {
  const partition = over.partition ?? 0
  const loaded = await ofTask(views.load({ generation, partition }, []))
  const { seq, epoch, checkpoint } = loaded === 'Gone' ? { seq: 0, epoch: 0, checkpoint: checkpointAt('0', 0) } : loaded
  const next = checkpointAt(`${checkpoint.events + 1}`, checkpoint.events + 1)
  return ofTask(views.commit({ generation, partition, epoch, seq, checkpoint: next, rows, parked: [], ...over }))
}
