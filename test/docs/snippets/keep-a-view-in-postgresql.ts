import * as E from 'fp-ts/Either'
import type { Failure } from 'keyfold'
import type { Checkpoint, Item, Sink } from 'keyfold/projections'
import type { Pool, PoolClient } from 'pg'

export const schema = `
CREATE TABLE IF NOT EXISTS keyfold_sinks (
  name text, partition integer, epoch bigint NOT NULL, checkpoint jsonb, PRIMARY KEY (name, partition)
);
CREATE TABLE IF NOT EXISTS completions (record_id text PRIMARY KEY, outcome text NOT NULL, times integer NOT NULL);`

const name = 'completions'

const failed = (
  _tag: 'Contended' | 'StoreUnavailable' | 'CorruptStream',
  message: string,
  cause?: unknown
): Failure => ({
  _tag,
  message,
  cause
})

/** A connection that is cut says so beside the query that fails by it: unheard it would end the process. */
const heard = (): void => {}

/** All of it or nothing; what is answered as a `Left` is rolled back, too. */
const inTransaction = async <A>(
  pool: Pool,
  work: (client: PoolClient) => Promise<E.Either<Failure, A>>
): Promise<E.Either<Failure, A>> => {
  let client: PoolClient | undefined
  try {
    client = await pool.connect()
    client.on('error', heard)
    await client.query('BEGIN')
    const done = await work(client)
    await client.query(E.isRight(done) ? 'COMMIT' : 'ROLLBACK')
    client.off('error', heard)
    client.release()
    return done
  } catch (cause) {
    // the connection goes with what it had open
    client?.release(true)
    return E.left(failed('StoreUnavailable', 'PostgreSQL failed', cause))
  }
}

const take = async (client: PoolClient, item: Item): Promise<Failure | undefined> => {
  // this view would rather stand still than lack an event
  if (item._tag === 'Unreadable') return failed('CorruptStream', item.failure.message)
  if (item.entry.type !== 'Completed') return undefined
  await client.query(
    `INSERT INTO completions VALUES ($1, $2, 1)
     ON CONFLICT (record_id) DO UPDATE SET outcome = excluded.outcome, times = completions.times + 1`,
    [item.recordId, item.entry.data.outcome.outcomeKind]
  )
  return undefined
}

export const completionsIn = (pool: Pool): Sink => ({
  name,
  version: 1,
  begin:
    ({ partition }, epoch) =>
    () =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<{ checkpoint: Checkpoint | null }>(
          `INSERT INTO keyfold_sinks VALUES ($1, $2, $3, NULL)
           ON CONFLICT (name, partition) DO UPDATE SET epoch = excluded.epoch WHERE keyfold_sinks.epoch <= excluded.epoch
           RETURNING checkpoint`,
          [name, partition, epoch]
        )
        const [row] = rows
        return row === undefined
          ? E.left(failed('Contended', 'a later runner has begun'))
          : E.right(row.checkpoint ?? undefined)
      }),
  apply:
    ({ partition, epoch, after, checkpoint, items }) =>
    () =>
      inTransaction(pool, async (client) => {
        // the row is locked until the end of the transaction: of two runners one comes second, and is refused
        const { rowCount } = await client.query(
          `UPDATE keyfold_sinks SET checkpoint = $4
           WHERE name = $1 AND partition = $2 AND epoch = $3 AND coalesce(checkpoint->>'position', 'start') = $5`,
          [name, partition, epoch, JSON.stringify(checkpoint), after]
        )
        if (rowCount !== 1) return E.left(failed('Contended', 'another runner has taken over'))
        for (const item of items) {
          const fault = await take(client, item)
          if (fault !== undefined) return E.left(fault)
        }
        return E.right(undefined)
      })
})
