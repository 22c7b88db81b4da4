import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { createLedger, type Ledger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { program, start } from '../support/child.ts'
import { sqlProcess } from '../support/sql-process.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { LogOrder, LogSaid } from './log-child.ts'

const ledgerProgram = program('test/process/log-child.ts')
const sql = program('test/support/sql-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
const key = { tenant, operation: 'charge', key: 'key' } as const

/** What the reference tells operators to run, for one stream. */
const statements = (stream: string): ReadonlyArray<string> => {
  const reference = readFileSync('docs/reference/sqlite-store.md', 'utf8')
  const [, block = ''] = /## Removing a key.*?```sql\n(.*?)```/s.exec(reference) ?? []
  return block
    .replaceAll('STREAM', stream)
    .split(';\n')
    .filter((text) => text.trim() !== '')
}

const streamOf = async (ledger: Ledger): Promise<string> => `idempotency-${(await ledger.get(key))?.recordId}`

it('a key that is removed as the reference says is granted once again, and never while a process may know it', {
  timeout: 300_000
}, async () => {
  const file = temporaryFile('store.db')
  const three = async () => {
    const ledgers = [0, 1, 2].map((n) => start<LogSaid>(ledgerProgram, { file, worker: `ledger ${n}` }))
    for (const one of ledgers) await one.hear(({ _tag }) => _tag === 'Opened')
    const answers: Array<string> = []
    for (const one of ledgers) {
      one.tell({ do: 'reserve', key: 'key' } satisfies LogOrder)
      const said = await one.hear(({ _tag }) => _tag === 'Done')
      answers.push(said._tag === 'Done' ? said.said : '')
    }
    return { ledgers, answers }
  }
  const end = async ({ ledgers }: Awaited<ReturnType<typeof three>>): Promise<void> => {
    for (const one of ledgers) one.tell({ do: 'stop' } satisfies LogOrder)
    await Promise.all(ledgers.map((one) => one.end()))
  }
  const remove = async (stream: string): Promise<void> => {
    const operator = sqlProcess(sql, file)
    try {
      await operator.run(...statements(stream))
    } finally {
      await operator.kill()
    }
  }

  const before = await three()
  expect(before.answers).toEqual(['Reserved', 'Duplicate', 'Duplicate'])
  const store = await openSqliteStore({ file })
  const stream = await streamOf(createLedger({ store }))
  await store.dispose()
  expect(statements(stream).join()).toContain(`'${stream}'`)
  // all of them know the key's fold
  await expect(remove(stream)).rejects.toThrow('database is locked')
  await end(before)
  // this process's own connections are closed only once they are collected
  await import('../support/collect-garbage.ts').then(({ collectGarbage }) => collectGarbage())
  await remove(stream)
  const after = await three()
  expect(after.answers).toEqual(['Reserved', 'Duplicate', 'Duplicate'])
  await end(after)
  const file2 = connect(file)
  expect(file2.prepare('SELECT count(*) FROM events').rows([])).toEqual([[3]])
  file2.close()
})
