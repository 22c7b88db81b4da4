import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { ProposedEvent } from '../../src/application/ports/event-store.ts'
import { type ExpectedRevision, exactly, noStream } from '../../src/domain/expected-revision.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from './say.ts'

/** What a writer says once it has written: where, and under which mark. */
export type Written = { readonly stream: string; readonly revision: number; readonly batch: string }

// Run as a process of its own: writes without end, three events an append, some in one stream and some in three at
// once, and says each answer once it has it. It is killed at its work, and goes on where it was when started again.
const {
  file,
  worker,
  writer = 'auto',
  pauseMs = 0
}: {
  readonly file: string
  readonly worker: string
  readonly writer?: 'auto' | 'worker'
  readonly pauseMs?: number
} = JSON.parse(process.argv[2] ?? '')
const store = await openSqliteStore({ file, writer })

/** Events that tell with which others they were written. */
const batchOf = (batch: string, count: number): ReadonlyArray<ProposedEvent> =>
  Array.from({ length: count }, (_, n) => ({
    id: randomUUID(),
    type: 'Tested',
    data: JSON.stringify({ batch, n, filler: 'x'.repeat(300) }),
    metadata: '{}'
  }))

const fail = (what: unknown): never => {
  throw new Error(JSON.stringify(what, (_, value) => (typeof value === 'bigint' ? `${value}` : value)))
}

const tailOf = async (stream: string): Promise<bigint> => {
  const read = await store.readStream(stream, 'backwards', 'end', 1)()
  return E.isRight(read) ? (read.right[0]?.revision ?? -1n) : fail(read.left)
}

const after = (revision: bigint): ExpectedRevision => (revision < 0n ? noStream : exactly(revision))

const appending = async (stream: string): Promise<never> => {
  for (let revision = await tailOf(stream); ; revision += 3n) {
    const batch = randomUUID()
    const answer = await store.append({ stream, expected: after(revision), events: batchOf(batch, 3) })()
    if (E.isLeft(answer)) fail(answer.left)
    say({ stream, revision: Number(revision) + 3, batch } satisfies Written)
    await sleep(pauseMs)
  }
}

const atomically = async (streams: ReadonlyArray<string>): Promise<never> => {
  const tails = await Promise.all(streams.map(tailOf))
  for (let n = 0n; ; n++) {
    const batch = randomUUID()
    const appends = streams.map((stream, index) => ({
      stream,
      expected: after((tails[index] ?? -1n) + n),
      events: batchOf(batch, 1)
    }))
    const answer = await store.appendAtomically?.(appends)()
    if (answer === undefined || E.isLeft(answer)) return fail(answer?.left)
    for (const [index, stream] of streams.entries()) {
      say({ stream, revision: Number((tails[index] ?? -1n) + n + 1n), batch } satisfies Written)
    }
    await sleep(pauseMs)
  }
}

await Promise.all([
  appending(`${worker}-idem_a`),
  appending(`${worker}-idem_b`),
  atomically([`${worker}-idem_c`, `${worker}-idem_d`, `${worker}-idem_e`])
])
