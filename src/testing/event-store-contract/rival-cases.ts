import assert from 'node:assert/strict'
import * as E from 'fp-ts/Either'
import type { Appended, AppendFailure } from '../../application/ports/event-store.ts'
import { type ExpectedRevision, exactly, noStream } from '../../domain/expected-revision.ts'
import type { Case } from './case.ts'
import { events, idsOf } from './events.ts'
import { right, soon } from './expectations.ts'
import type { World } from './world.ts'

const together = <A>(tasks: ReadonlyArray<() => Promise<A>>): Promise<ReadonlyArray<A>> =>
  soon(Promise.all(tasks.map((task) => task())), 'rivals')

/** Rivals of two connections want the same place: one gets it, the others are told what became of it. */
const oneWins = async (
  { put, all, again, store }: World,
  stream: string,
  expected: ExpectedRevision,
  before: number
): Promise<void> => {
  const stores = [store, await again()]
  const lists = Array.from({ length: 16 }, () => events(2))
  const results = await together(lists.map((list, n) => put(stream, expected, list, stores[n % 2])))
  const [winner, ...more] = results.flatMap((result, n) => (E.isRight(result) ? [{ ...result.right, n }] : []))
  assert.deepEqual(more, [])
  const actual = BigInt(before + 1)
  assert.equal(winner?.revision, actual)
  for (const lost of results.filter(E.isLeft)) {
    assert.deepEqual(lost.left, { _tag: 'WrongExpectedRevision', actual } satisfies AppendFailure)
  }
  for (const one of stores) {
    assert.deepEqual(idsOf(await all(stream, one)).slice(before), idsOf(lists[winner?.n ?? -1] ?? []))
  }
}

export const rivalCases: ReadonlyArray<Case> = [
  [
    'lets exactly one of many rivals write where there is no stream',
    (world) => oneWins(world, world.stream(), noStream, 0)
  ],
  [
    'lets exactly one of many rivals write after one revision',
    async (world) => {
      const s = world.stream()
      await right(world.put(s, noStream, events(3)))
      await oneWins(world, s, exactly(2n), 3)
    }
  ],
  [
    'keeps the neighbours of a conflict',
    async ({ put, all, stream }) => {
      const taken = stream()
      await right(put(taken, noStream, events(1)))
      const free = Array.from({ length: 20 }, () => stream())
      const results: ReadonlyArray<E.Either<AppendFailure, Appended>> = await together(
        free.flatMap((s) => [put(s, noStream, events(2)), put(taken, noStream, events(1))])
      )
      for (const [index, result] of results.entries()) {
        const expected =
          index % 2 === 0 ? E.right({ revision: 1n }) : E.left({ _tag: 'WrongExpectedRevision', actual: 0n })
        assert.deepEqual(result, expected)
      }
      for (const s of free) assert.equal((await all(s)).length, 2)
      assert.equal((await all(taken)).length, 1)
    }
  ],
  [
    'takes 64 appends to 64 streams at once, each whole and once',
    async ({ put, all, log, stream }) => {
      const wanted = Array.from({ length: 64 }, (_, n) => ({ name: stream(), list: events(1 + (n % 3)) }))
      const results = await together(wanted.map(({ name, list }) => put(name, noStream, list)))
      for (const [index, { name, list }] of wanted.entries()) {
        assert.deepEqual(results[index], E.right({ revision: BigInt(list.length - 1) }))
        assert.deepEqual(idsOf(await all(name)), idsOf(list))
      }
      const logged = idsOf(await log())
      assert.deepEqual([...logged].sort(), [...idsOf(wanted.flatMap(({ list }) => list))].sort())
    }
  ]
]
