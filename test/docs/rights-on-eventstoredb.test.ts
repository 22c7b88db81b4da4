import { writeFileSync } from 'node:fs'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { startStandIn } from 'keyfold/testing/eventstoredb'
import { expect, it, onTestFinished } from 'vitest'
import { read } from '../support/documents.ts'
import { storeOn } from '../support/eventstoredb.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { certificate, privateKey } from '../unit/adapters/eventstoredb/certificate.ts'
import { letReadTheLog, protectStreams } from './snippets/rights-on-eventstoredb.ts'
import { openLedger } from './snippets/run-on-eventstoredb.ts'

const page = read('docs/how-to/run-on-eventstoredb.md')

const secure = async () => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, certificate)
  const server = await startStandIn({
    tls: { cert: certificate, key: privateKey, caFile },
    users: { admin: 'changeit', ledger: 'secret' },
    groups: { ledger: ['ledgers'] }
  })
  onTestFinished(() => server.stop())
  // by its name: the client hands an address over as the name of a TLS server, which Node 26 refuses
  const url = server.url.replace('127.0.0.1', 'localhost')
  const admin = EventStoreDBClient.connectionString(url)
  onTestFinished(() => admin.dispose())
  return { admin, url: url.replace('admin:changeit', 'ledger:secret') }
}

const request = {
  tenant: { orgId: 'acme', workspaceId: 'shop' },
  operation: 'payment.charge',
  key: 'order-1',
  owner: 'me',
  requestFingerprint: 'amount=10',
  lease: 30_000
}

it('an ordinary user reserves and completes, and once its group may read the log it lists and follows', async () => {
  const { admin, url } = await secure()
  const { ledger, close } = await openLedger(url)
  onTestFinished(close)
  const answer = await ledger.reserve(request)
  if (answer._tag !== 'Reserved') return expect.fail(answer._tag)
  await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' } })
  expect((await ledger.reserve(request))._tag).toBe('Duplicate')

  const store = await storeOn(url)
  const right = 'the server denies access to $all: the user needs the right to read it ($r of $all)'
  const first = async () => {
    for await (const message of store.subscribe({ after: 'start', streamPrefix: 'idempotency-idem_' })) return message
    return undefined
  }
  const denied = E.left({ _tag: 'AccessDenied', message: right })
  expect(page).toContain(`\`${right}\``)
  expect(await store.readAll('start', 'idempotency-idem_', 10)()).toMatchObject(denied)
  expect(await first()).toMatchObject(denied)

  await letReadTheLog(admin, 'ledgers')
  expect(await store.readAll('start', 'idempotency-idem_', 10)()).toMatchObject(E.right({ atEnd: true }))
  expect(await first()).toMatchObject(E.right({ _tag: 'Event' }))
  // the stand-in takes the defaults, and does not follow them
  await protectStreams(admin)
  expect((await ledger.reserve(request))._tag).toBe('Duplicate')
})

it.each([
  ['write', { acl: { writeRoles: ['$admins'] } }],
  ['read', { acl: { readRoles: ['$admins'] } }]
])('a stream that a user may not %s says so', async (_, metadata) => {
  const { admin, url } = await secure()
  const { ledger, close } = await openLedger(url)
  onTestFinished(close)
  const answer = await ledger.reserve(request)
  if (answer._tag !== 'Reserved') return expect.fail(answer._tag)
  await admin.setStreamMetadata(`idempotency-${answer.claim.recordId}`, metadata)
  // one that has the key's record at hand does not need to read
  const other = await openLedger(url)
  onTestFinished(other.close)
  await expect(other.ledger.renew({ claim: answer.claim, leaseMs: 60_000 })).rejects.toMatchObject({
    tag: 'AccessDenied',
    message: 'the server denies access'
  })
  expect(page).toContain('`the server denies access`')
})
