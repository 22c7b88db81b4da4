import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Clock } from '../ports/clock.ts'
import type { Checkpoint, Generation, ViewStore } from '../ports/view-store.ts'
import { rowNamed } from './fold-rows.ts'
import { noEpoch } from './lease.ts'
import type { Projection } from './projection.ts'
import type { Sink, SinkBatch } from './sink.ts'
import { type PoisonRule, takeBatch } from './take-batch.ts'

/** An operator's retry moves a partition under the runner's hands: then the batch is taken in anew. */
const mostTries = 20

export const fencedOut = (name: string): Failure =>
  failure('Contended', `another runner has taken ${name} over: nothing was written`)

/** The build is not there any more: another one was put in its place. */
export const buildGone = (name: string): Failure =>
  failure('StoreUnavailable', `the build of ${name} that was written to is gone: another one took its place`)

export const isGone = (failed: Failure, name: string): boolean => failed.message === buildGone(name).message

const overtaken = (name: string): Failure =>
  failure('Contended', `another runner has taken ${name} further than this one: nothing was written`)

/** One build of a projection's view, as a sink: rows, keys that wait and checkpoint are one transaction. */
export const viewSink = <S>(
  projection: Projection<S>,
  { id: generation }: Generation,
  { views, clock }: { readonly views: ViewStore; readonly clock: Clock },
  rule: PoisonRule
): Sink => {
  const { name } = projection

  const tryOnce = async (
    { partition, epoch, after, items, checkpoint }: SinkBatch,
    rows: ReadonlyArray<string>
  ): Promise<E.Either<Failure, boolean>> => {
    const loaded = await views.load({ generation, partition }, rows)()
    if (E.isLeft(loaded)) return loaded
    if (loaded.right === 'Gone') return E.left(buildGone(name))
    const { seq, checkpoint: stored } = loaded.right
    if (stored.position !== after) return E.left(overtaken(name))
    const taken = takeBatch(projection, partition, loaded.right, items, rule, clock())
    if (E.isLeft(taken)) return taken
    // whoever has no lease stands at the fence that a holder of one left behind
    const fence = epoch === noEpoch ? loaded.right.epoch : epoch
    const committed = await views.commit({
      ...{ generation, partition, seq, checkpoint, ...taken.right },
      epoch: fence
    })()
    if (E.isLeft(committed)) return committed
    if (committed.right === 'Gone') return E.left(buildGone(name))
    return committed.right === 'Fenced' ? E.left(fencedOut(name)) : E.right(committed.right === 'Committed')
  }

  return {
    name,
    version: projection.version,
    begin:
      ({ partition }, epoch) =>
      async (): Promise<E.Either<Failure, Checkpoint>> => {
        if (epoch !== noEpoch) {
          const fenced = await views.fence({ generation, partition }, epoch)()
          if (E.isLeft(fenced)) return fenced
          if (fenced.right === 'Gone') return E.left(buildGone(name))
          if (fenced.right === 'Fenced') return E.left(fencedOut(name))
        }
        const all = await views.checkpoints(generation)()
        if (E.isLeft(all)) return all
        const at = all.right[partition]
        return at === undefined ? E.left(buildGone(name)) : E.right(at)
      },
    apply: (batch) => async () => {
      const rows = new Set<string>()
      for (const item of batch.items) {
        const row = rowNamed(projection, item)
        if (row !== undefined) rows.add(row)
      }
      for (let n = 0; n < mostTries; n++) {
        const done = await tryOnce(batch, [...rows])
        if (E.isLeft(done)) return done
        if (done.right) return E.right(undefined)
      }
      return E.left(overtaken(name))
    }
  }
}
