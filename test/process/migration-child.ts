import * as E from 'fp-ts/Either'
import { openSqliteStoreTaskEither } from '../../src/adapters/sqlite/event-store.ts'
import { say } from './say.ts'

/** What a process that opens a file says: how far the migration is, and what came of it. */
export type MigrationSaid =
  | { readonly _tag: 'Progress'; readonly done: number; readonly total: number }
  | { readonly _tag: 'Opened' }
  | { readonly _tag: 'Refused'; readonly error: string }

// Run as a process of its own: opens a file, and stands still once the migration is so far, for as long as it lives.
const { file, busyTimeoutMs, holdAt }: { file: string; busyTimeoutMs: number; holdAt?: number } = JSON.parse(
  process.argv[2] ?? ''
)

const opened = await openSqliteStoreTaskEither({
  file,
  busyTimeoutMs,
  onMigration: ({ done, total }) => {
    say({ _tag: 'Progress', done, total } satisfies MigrationSaid)
    if (holdAt !== undefined && done >= holdAt * total) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
})()
say((E.isLeft(opened) ? { _tag: 'Refused', error: opened.left._tag } : { _tag: 'Opened' }) satisfies MigrationSaid)
if (E.isRight(opened)) await opened.right.dispose()
