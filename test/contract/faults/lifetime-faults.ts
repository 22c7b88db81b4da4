import * as E from 'fp-ts/Either'
import type { AppendFailure } from '../../../src/application/ports/event-store.ts'
import { type NamedFault, paging } from './fault.ts'

export const lifetimeFaults: ReadonlyArray<NamedFault> = [
  ['it answers after its end', 'lifetime', (store) => ({ ...store, dispose: async () => {} })],
  [
    'it cannot be ended twice',
    'lifetime',
    (store) => {
      let over = false
      return {
        ...store,
        dispose: async () => {
          if (over) throw new Error('again')
          over = true
          await store.dispose()
        }
      }
    }
  ],
  [
    'what was under way is never answered',
    'lifetime',
    (store) => {
      let over = false
      return {
        ...store,
        append: (append) => async () => {
          await null
          return over ? new Promise(() => {}) : store.append(append)()
        },
        dispose: async () => {
          over = true
          await store.dispose()
        }
      }
    }
  ],
  [
    'several appends are written one by one',
    'append to several streams at once',
    (store) => ({
      ...store,
      appendAtomically: (appends) => async () => {
        let index = 0
        for await (const append of appends) {
          const result = await store.append(append)()
          if (E.isLeft(result)) return E.left({ ...result.left, index })
          index++
        }
        return E.right(undefined)
      }
    })
  ],
  [
    'several appends do not tell which failed',
    'append to several streams at once',
    (store) => ({
      ...store,
      appendAtomically: (appends) => async () =>
        E.mapLeft((failed: AppendFailure & { readonly index: number }) => ({ ...failed, index: 0 }))(
          await (store.appendAtomically?.(appends)() ?? Promise.reject())
        )
    })
  ],
  ['several appends cannot be written at once', 'a store', ({ appendAtomically: _, ...store }) => store],
  ['it has a limit that nobody declared', 'a store', (store) => ({ ...store, maxAppendBytes: 1000 })],
  [
    'something is in it from the beginning',
    'a store',
    paging((page) => ({
      ...page,
      events: [
        { id: 'e', type: 'T', data: '{}', metadata: '{}', stream: 's', revision: 0n, position: '1', recordedAtMs: 0 }
      ],
      atEnd: true
    }))
  ]
]
