import { rmSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import * as E from 'fp-ts/Either'
import { openSqliteStoreTaskEither } from '../../src/adapters/sqlite/event-store.ts'
import type { AppendFailure, EventStore, StoreError } from '../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../src/domain/expected-revision.ts'
import { appendOf } from '../support/append-of.ts'
import { say } from './say.ts'

/** What a store's process is told to do. */
export type Order =
  | { readonly do: 'open' }
  | { readonly do: 'append'; readonly stream: string; readonly after?: number; readonly chars?: number }
  | { readonly do: 'read'; readonly stream: string }
  | { readonly do: 'fill' | 'free'; readonly ballast: string }
  | { readonly do: 'dispose' }

/** What came of the order of that number, in words. */
export type Answer = { readonly order: number; readonly said: string }

// Run as a process of its own, where this one may not do what others may, or has no room: uses a store as it is told.
// Another user is become only when everything is loaded, since it may not be able to read the program.
const {
  file,
  uid,
  writer = 'auto',
  busyTimeoutMs = 500
}: {
  readonly file: string
  readonly uid?: number
  readonly writer?: 'auto' | 'worker'
  readonly busyTimeoutMs?: number
} = JSON.parse(process.argv[2] ?? '')
if (uid !== undefined) {
  process.setgroups?.([])
  process.setgid?.(uid)
  process.setuid?.(uid)
}

const failed = (failure: AppendFailure | StoreError): string => {
  if (failure._tag === 'WrongExpectedRevision') return `conflict ${failure.actual}`
  if ('error' in failure) return `${failure._tag} ${failure.error._tag}`
  return failure._tag
}

let opened: EventStore | undefined
const store = (): EventStore => {
  if (opened === undefined) throw new Error('no store is open')
  return opened
}

const perform = async (order: Order): Promise<string> => {
  switch (order.do) {
    case 'open': {
      const result = await openSqliteStoreTaskEither({ file, busyTimeoutMs, writer })()
      if (E.isLeft(result)) return failed(result.left)
      opened = result.right
      return 'open'
    }
    case 'append': {
      const expected = order.after === undefined ? noStream : exactly(BigInt(order.after))
      const result = await store().append(appendOf(3, order.stream, expected, 'x'.repeat(order.chars ?? 10)))()
      return E.isLeft(result) ? failed(result.left) : `written ${result.right.revision}`
    }
    case 'read': {
      const result = await store().readStream(order.stream, 'forwards', 'start', 10_000)()
      return E.isLeft(result) ? failed(result.left) : `${result.right.length} events`
    }
    case 'fill': {
      // as much as there is room for, and the last byte of it
      for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
        try {
          for (;;) writeFileSync(order.ballast, Buffer.alloc(bytes), { flag: 'a' })
        } catch (cause) {
          if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw cause
        }
      }
      return 'full'
    }
    case 'free':
      rmSync(order.ballast)
      return 'free'
    case 'dispose':
      await store().dispose()
      return 'disposed of'
  }
}

let number = 0
for await (const line of createInterface({ input: process.stdin })) {
  say({ order: ++number, said: await perform(JSON.parse(line)) } satisfies Answer)
}
