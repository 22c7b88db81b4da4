import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { blocksOf } from '../support/documents.ts'
import { program } from '../support/keyfold.ts'
import { claimOf } from '../support/scripted-ledger.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const blocks = blocksOf('docs/how-to/find-and-mend-stuck-keys.md').filter(({ language }) => language === 'sh')

const key = (name: string) => ({
  tenant: { orgId: 'local', workspaceId: 'default' },
  operation: 'charge',
  key: name
})
const request = { owner: 'web-1', requestFingerprint: 'fp', lease: 1000 }

/** The shop: one charge in doubt after a recovery point, one of which nothing was heard, and one that is done. */
const shop = async (file: string) => {
  const store = await openSqliteStore({ file })
  const ledger = createLedger({ store })
  const doubtful = claimOf(await ledger.reserve({ ...key('order-1'), ...request }))
  await ledger.reachRecoveryPoint({ claim: doubtful, name: 'charged', data: { id: 'ch_1' } })
  await ledger.markInDoubt({ claim: doubtful, note: 'the bank timed out' })
  await ledger.reserve({ ...key('order-2'), ...request, lease: 'none' })
  const done = claimOf(await ledger.reserve({ ...key('order-3'), ...request }))
  await ledger.complete({ claim: done, outcome: { outcomeKind: 'charged' } })
  await store.dispose()
}

const reserved = async (file: string, name: string) => {
  const store = await openSqliteStore({ file })
  const answer = await createLedger({ store }).reserve({ ...key(name), ...request })
  await store.dispose()
  return answer
}

it('the how-to for stuck keys does what it says', async () => {
  const file = temporaryFile('ledger.db')
  await shop(file)
  const said: Array<string> = []
  for (const { text } of blocks) {
    const script = `keyfold() { "${process.execPath}" "${program}" "$@"; }\n${text}`
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script], {
      cwd: dirname(file),
      env: { PATH: process.env['PATH'], KEYFOLD_STORE: `sqlite:${join(dirname(file), 'ledger.db')}` }
    })
    said.push(stdout)
  }
  const [found, history, completed, expired, after] = said
  expect(found?.match(/^idem_.*\torder-\d\t.*$/gm)).toHaveLength(2)
  expect(found).toMatch(/\torder-1\tweb-1\tin doubt\t.*\tcharged\tthe bank timed out$/m)
  expect(found).toMatch(/\torder-2\tweb-1\tno lease\t/)
  expect(history).toMatch(/RecoveryPointReached\t.*charged.*ch_1[\s\S]*MarkedInDoubt\t.*the bank timed out/)
  expect(completed).toMatch(/^completed\n/)
  expect(expired).toMatch(/^expired\n/)
  expect(after).not.toMatch(/^idem_/m)
  expect(after).toMatch(/Completed\t.*by ann: seen at the bank/)
  expect(said).toHaveLength(5)
  // whoever asks again is answered, and whoever asks for the other does the work
  expect(await reserved(file, 'order-1')).toMatchObject({
    _tag: 'Duplicate',
    record: { outcome: { outcomeKind: 'charged', primaryRefId: 'ch_1' } }
  })
  expect(await reserved(file, 'order-2')).toMatchObject({ _tag: 'Reserved' })
})
