import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { program as built } from '../support/child.ts'
import { program } from '../support/keyfold.ts'
import { sqlProcess } from '../support/sql-process.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const sql = built('test/support/sql-child.ts')
const howTo = readFileSync(resolve(import.meta.dirname, '../../docs/how-to/back-up-a-store.md'), 'utf8')
const blocks = [...howTo.matchAll(/^```sh\n(.*?)^```/gms)].map(([, text = '']) => text)

const run = promisify(execFile)
const hasShell = await run('sqlite3', ['--version']).then(
  () => true,
  () => false
)
if (!hasShell) console.warn('there is no sqlite3 here: the commands of the how-to for backups are NOT tested')

const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
const request = { tenant, operation: 'charge', owner: 'worker', requestFingerprint: 'sha256:1', lease: 'none' } as const

describe('a backup of a store that is in use', () => {
  it('by VACUUM INTO, over a driver in another process, holds every key that was granted', async () => {
    const file = temporaryFile('ledger.db')
    const store = await openSqliteStore({ file })
    const ledger = createLedger({ store })
    for (let n = 0; n < 20; n++) await ledger.reserve({ ...request, key: `key ${n}` })
    const other = sqlProcess(sql, file)
    const backup = join(dirname(file), 'backup.db')
    await other.run(`VACUUM INTO '${backup}'`)
    await other.kill()
    expect((await ledger.reserve({ ...request, key: 'after' }))._tag).toBe('Reserved')
    await store.dispose()
    const restored = await openSqliteStore({ file: backup, check: 'full' })
    expect(await createLedger({ store: restored }).list()).toHaveLength(20)
    await restored.dispose()
  })

  it('the marks to set by hand are those that a store has', async () => {
    const file = temporaryFile('ledger.db')
    const store = await openSqliteStore({ file })
    await store.dispose()
    const other = connect(file)
    const marks = ['application_id', 'user_version'].map((mark) => other.prepare(`PRAGMA ${mark}`).rows([])[0]?.[0])
    other.close()
    expect(howTo).toContain(`PRAGMA application_id = ${marks[0]}; PRAGMA user_version = ${marks[1]}`)
  })

  it.runIf(hasShell)('the how-to does what it says, with the sqlite3 shell', async () => {
    const file = temporaryFile('ledger.db')
    const store = await openSqliteStore({ file })
    const ledger = createLedger({ store })
    const said: Array<string> = []
    for (let n = 0; n < 3; n++) await ledger.reserve({ ...request, key: `key ${n}` })
    for (const [n, text] of blocks.entries()) {
      // restoring begins where all who use the store have ended
      if (n === 3) await store.dispose()
      const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }\n${text}`
      const { stdout } = await run('sh', ['-eu', '-c', script], {
        cwd: dirname(file),
        env: { PATH: process.env['PATH'] }
      })
      said.push(stdout)
    }
    expect(said).toHaveLength(5)
    for (const n of [2, 3, 4]) expect(said[n]?.match(/^idem_/gm)).toHaveLength(3)
    expect(said[2]).toMatch(/^ok\n/)
    for (const name of ['backup.db', 'pages.db']) expect(statSync(join(dirname(file), name)).mode & 0o777).toBe(0o600)
  })
})
