import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { groupCommit } from '../../../../src/adapters/sqlite/group-commit.ts'
import { transactions } from '../../../../src/adapters/sqlite/transactions.ts'
import { groupOf } from '../../../../src/adapters/sqlite/worker/messages.ts'
import type { WriterThread } from '../../../../src/adapters/sqlite/worker/thread.ts'
import { noWriter } from '../../../../src/adapters/sqlite/writer.ts'
import { appendOf } from '../../../support/append-of.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** What a thread is given to write, which says that each COMMIT took so long. */
const groupsWhere = (commitMs: number) => {
  const sizes: Array<number> = []
  const thread: WriterThread = {
    write: async (message) => {
      sizes.push(groupOf(message).length)
      return { _tag: 'Committed', left: [], known: 0, commitMs }
    },
    ended: () => undefined,
    end: async () => {}
  }
  const connection = connect(temporaryFile('unused.db'))
  onTestFinished(connection.close)
  const nothing = (): undefined => undefined
  const group = groupCommit({
    connection,
    turns: transactions(connection, { unusable: nothing, broken: nothing, committed: nothing }),
    write: noWriter,
    threads: { start: async () => undefined, forLoad: () => thread, end: async () => {} },
    last: { known: 0, written: 0 },
    now: () => 1,
    busyTimeoutMs: 1000,
    written: nothing,
    failed: nothing
  })
  return { group, sizes }
}

const [callers, each] = [64, 3]

/** Callers who ask again as soon as they are answered. */
const asking = ({ group }: ReturnType<typeof groupsWhere>) =>
  Promise.all(
    Array.from({ length: callers }, async () => {
      for (let n = 0; n < each; n++) expect(await group.append(appendOf())).toEqual(E.right({ revision: 0n }))
    })
  )

describe('the next group for a thread', () => {
  it('waits for all callers of the one before where a COMMIT takes longer than they do', async () => {
    const slow = groupsWhere(60_000)
    await asking(slow)
    expect(slow.sizes).toEqual(Array(each).fill(callers))
  })

  it('goes as soon as some of them have asked again where it does not', async () => {
    const fast = groupsWhere(0)
    await asking(fast)
    expect(fast.sizes[1]).toBeLessThan(callers)
    expect(fast.sizes.reduce((sum, size) => sum + size, 0)).toBe(callers * each)
  })

  it('does not wait for callers who do not ask again', async () => {
    const slow = groupsWhere(60_000)
    await Promise.all([asking(slow), slow.group.append(appendOf())])
    await slow.group.idle()
    expect(slow.sizes).toEqual([callers + 1, ...Array(each - 1).fill(callers)])
  })
})
