import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { openSqliteStoreTaskEither } from '../../src/adapters/sqlite/event-store.ts'
import type { EventStore, StoreError } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { say } from './say.ts'

/** What is done to a copy of a file: these bytes are changed in these bits. */
export type Damage = { readonly seed: number; readonly flips: ReadonlyArray<readonly [offset: number, bits: number]> }

type Answer =
  | { readonly key: string; readonly record: string | null }
  | { readonly key: string; readonly failed: string }

/** What a damaged file answered; texts are JSON, since the record itself is compared. */
export type Damaged =
  | { readonly _tag: 'Begun' | 'Over'; readonly seed: number }
  | {
      readonly _tag: 'Told'
      readonly seed: number
      readonly opened: string
      readonly got: ReadonlyArray<Answer>
      /** The whole list, and nothing where it failed. */
      readonly listed: ReadonlyArray<string> | { readonly failed: string }
      readonly unreadable: ReadonlyArray<string>
      /** What the check at opening said. */
      readonly full: string
    }

// Run as a process of its own, since damage could end it: reads damaged copies of a file in every way there is.
const {
  file,
  keys,
  damages
}: { readonly file: string; readonly keys: ReadonlyArray<string>; readonly damages: ReadonlyArray<Damage> } =
  JSON.parse(process.argv[2] ?? '')

export const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

const told = ({ _tag, message }: StoreError): string => `${_tag}: ${message}`

const unreadableIn = async (store: EventStore): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for (let after = 'start'; ; ) {
    const page = await store.readAll(after, 'idempotency-idem_', 7)()
    if (E.isLeft(page)) return [...found, told(page.left)]
    found.push(...(page.right.unreadable ?? []).map(({ stream, error }) => `${stream}: ${error.message}`))
    if (page.right.atEnd) return found
    after = page.right.next
  }
}

const read = async (copy: string, seed: number): Promise<Damaged> => {
  const nothing = { _tag: 'Told', seed, got: [], listed: [], unreadable: [] } as const
  const checked = await openSqliteStoreTaskEither({ file: copy, check: 'full' })()
  const full = E.isLeft(checked) ? told(checked.left) : 'whole'
  if (E.isRight(checked)) await checked.right.dispose()
  const opened = await openSqliteStoreTaskEither({ file: copy })()
  if (E.isLeft(opened)) return { ...nothing, full, opened: told(opened.left) }
  const store = opened.right
  const { taskEither: ledger } = createLedger({ store })
  const got: Array<Answer> = []
  for (const key of keys) {
    const answer = await ledger.get({ tenant, operation: 'charge', key })()
    got.push(
      E.isLeft(answer) ? { key, failed: told(answer.left) } : { key, record: JSON.stringify(answer.right ?? null) }
    )
  }
  const list = await ledger.list({})()
  const listed = E.isLeft(list) ? { failed: told(list.left) } : list.right.map((record) => JSON.stringify(record))
  const unreadable = await unreadableIn(store)
  // a write looks at the stream too, and must not end the process either
  for (const key of keys.slice(0, 6)) {
    await ledger.reserve({
      tenant,
      operation: 'charge',
      key,
      owner: 'worker',
      requestFingerprint: 'sha256:1',
      lease: 'none'
    })()
  }
  await store.dispose()
  return { _tag: 'Told', seed, opened: 'open', got, listed, unreadable, full }
}

for (const { seed, flips } of damages) {
  say({ _tag: 'Begun', seed } satisfies Damaged)
  const copy = `${file}-${seed}`
  copyFileSync(file, copy)
  const bytes = readFileSync(copy)
  for (const [offset, bits] of flips) bytes[offset] = (bytes[offset] ?? 0) ^ bits
  writeFileSync(copy, bytes)
  say(await read(copy, seed))
  for (const beside of ['', '-wal', '-shm']) rmSync(copy + beside, { force: true })
  say({ _tag: 'Over', seed } satisfies Damaged)
}
