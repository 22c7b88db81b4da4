import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import * as E from 'fp-ts/Either'
import { following } from '../../src/domain/expected-revision.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import type { AppendSaid } from './said.ts'
import { say as sayAny } from './say.ts'

// Run as a process of its own: wants the next place in streams that other processes write to as well, and says each
// answer once it has it. Two events an append, so that half of one would be seen.
const {
  file,
  streams,
  callers,
  rounds
}: {
  readonly file: string
  readonly streams: ReadonlyArray<string>
  readonly callers: number
  readonly rounds: number
} = JSON.parse(process.argv[2] ?? '')
const say: (said: AppendSaid) => void = sayAny
const store = await openSqliteStore({ file })

const event = () => ({ id: randomUUID(), type: 'Tested', data: '{}', metadata: '{}' })

const round = async (stream: string): Promise<void> => {
  const tail = await store.readStream(stream, 'backwards', 'end', 1)()
  if (E.isLeft(tail)) return say({ _tag: 'Failed', error: `read: ${tail.left._tag}` })
  const wanted = tail.right[0]?.revision ?? -1n
  const events = [event(), event()]
  const answer = await store.append({ stream, expected: following(wanted < 0n ? 'noStream' : wanted), events })()
  if (E.isRight(answer)) {
    const { revision } = answer.right
    return say({ _tag: 'Written', stream, revision: Number(revision), ids: events.map(({ id }) => id) })
  }
  if (answer.left._tag !== 'WrongExpectedRevision') {
    return say({ _tag: 'Failed', error: `append: ${answer.left._tag} ${answer.left.error._tag}` })
  }
  const { actual } = answer.left
  say({ _tag: 'Lost', stream, wanted: Number(wanted), actual: actual === 'noStream' ? -1 : Number(actual) })
}

say({ _tag: 'Ready' })
await once(process.stdin, 'data')
process.stdin.destroy()
await Promise.all(
  Array.from({ length: callers }, async (_, caller) => {
    for (let n = 0; n < rounds; n++) await round(streams[(caller + n) % streams.length] ?? '')
  })
)
await store.dispose()
