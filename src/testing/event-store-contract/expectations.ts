import assert from 'node:assert/strict'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { ActualRevision } from '../../domain/expected-revision.ts'

/** Longer than this nothing of the suite may take: a store that leaves its caller waiting is found out by it. */
const patienceMs = 20_000

const shown = (value: unknown): string => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v))

/** What a promise comes to; fails where it leaves its caller waiting. */
export const soon = async <A>(promise: Promise<A>, what: string): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `still waiting for ${what}` })), patienceMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export const answerOf = <A>(task: () => Promise<A>): Promise<A> => soon(task(), 'an answer')

export const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await answerOf(task)
  if (E.isLeft(result)) assert.fail(`expected success: ${shown(result.left)}`)
  return result.right
}

/** A conflict that tells the revision that the stream has. */
export const conflict = async (task: TaskEither<AppendFailure, unknown>, actual: ActualRevision): Promise<void> => {
  assert.deepEqual(await answerOf(task), E.left({ _tag: 'WrongExpectedRevision', actual }))
}

export const notWritten = async (
  task: TaskEither<AppendFailure, unknown>,
  tag: StoreError['_tag']
): Promise<StoreError> => {
  const result = await answerOf(task)
  if (E.isRight(result) || result.left._tag !== 'NotWritten')
    return assert.fail(`expected NotWritten: ${shown(result)}`)
  assert.equal(result.left.error._tag, tag)
  return result.left.error
}

export const refused = async (task: TaskEither<StoreError, unknown>, tag: StoreError['_tag']): Promise<void> => {
  const result = await answerOf(task)
  assert.ok(E.isLeft(result), `expected ${tag}: ${shown(result)}`)
  assert.equal(result.left._tag, tag)
}
