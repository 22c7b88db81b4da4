import * as E from 'fp-ts/Either'
import { nextRevision } from '../../../src/domain/expected-revision.ts'
import { appending, failing, type NamedFault, tailOf } from './fault.ts'

export const rivalFaults: ReadonlyArray<NamedFault> = [
  [
    'a repeated append is a conflict',
    'append, repeated ids',
    appending(async (store, append) => {
      const tail = await tailOf(store, append.stream)
      const next = (tail?.revision ?? -1n) + 1n
      return nextRevision(append.expected) < next
        ? E.left({ _tag: 'WrongExpectedRevision', actual: next - 1n })
        : store.append(append)()
    })
  ],
  [
    'a repeated append has the revision of the tail',
    'append, repeated ids',
    appending(async (store, append) => {
      const result = await store.append(append)()
      return E.isRight(result) ? E.right({ revision: (await tailOf(store, append.stream))?.revision ?? 0n }) : result
    })
  ],
  [
    'the first id speaks for all',
    'append, repeated ids',
    appending(async (store, append) => {
      const result = await store.append(append)()
      if (E.isRight(result) || append.events.length === 1) return result
      return store.append({ ...append, events: append.events.slice(0, 1) })()
    })
  ],
  [
    'a prefix is a conflict',
    'append, repeated ids',
    appending(async (store, append) => {
      const tail = (await tailOf(store, append.stream))?.revision ?? -1n
      const result = await store.append(append)()
      return E.isRight(result) && result.right.revision < tail && append.events.length === 1
        ? E.left({ _tag: 'WrongExpectedRevision', actual: tail })
        : result
    })
  ],
  [
    'ids are looked at above the tail',
    'append, repeated ids',
    failing((failed, append) =>
      failed._tag === 'WrongExpectedRevision' && nextRevision(append.expected) > BigInt(Number(failed.actual)) + 1n
        ? undefined
        : failed
    )
  ],
  [
    'rivals all win',
    'append, rivals',
    failing((failed) => (failed._tag === 'WrongExpectedRevision' ? undefined : failed))
  ],
  [
    'the neighbours of a conflict fail with it',
    'append, rivals',
    (store) => {
      let lost = false
      return appending(async (inner, append) => {
        const result = await inner.append(append)()
        lost ||= E.isLeft(result)
        return lost ? E.left({ _tag: 'WrongExpectedRevision', actual: 0n }) : result
      })(store)
    }
  ]
]
