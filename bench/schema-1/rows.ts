import { createHash, randomUUID } from 'node:crypto'
import * as E from 'fp-ts/Either'
import { createLedger, type Position } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { callers } from '../harness/measure.ts'
import { outcome, requestFor } from '../harness/requests.ts'
import type { Schema1Row } from './raw-store.ts'

/** What so many cycles write, as schema 1 keeps it: the texts of the events as the ledger hands them to a store. */
export const cycleRows = async (round: number, cycles: number, atOnce: number): Promise<ReadonlyArray<Schema1Row>> => {
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  await callers(atOnce, cycles, async (index) => {
    const answer = await ledger.reserve(requestFor(`round ${round} key ${index}`))
    if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
    await ledger.complete({ claim: answer.claim, outcome })
  })
  const rows: Array<Schema1Row> = []
  for (let after: Position | 'start' = 'start', atEnd = false; !atEnd; ) {
    const page = await store.readAll(after, '', 1000)()
    if (E.isLeft(page)) throw new Error(page.left.message)
    for (const { stream, revision, id, type, data, metadata, recordedAtMs } of page.right.events) {
      rows.push([stream, Number(revision), id, type, data, metadata, recordedAtMs])
    }
    ;({ next: after, atEnd } = page.right)
  }
  await ledger.dispose()
  await store.dispose()
  return rows
}

/** Rows of so many first reserves, from the row of a real one; their streams are spread over the index as record ids are. */
export function* reserveRows(like: Schema1Row, keys: number): Generator<Schema1Row> {
  const [, revision, , type, data, metadata, recordedAtMs] = like
  for (let n = 0; n < keys; n++) {
    const name = createHash('sha256').update(`filling ${n}`).digest('hex')
    yield [`idempotency-idem_${name}`, revision, randomUUID(), type, data, metadata, recordedAtMs]
  }
}
