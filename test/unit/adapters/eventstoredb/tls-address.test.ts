import { writeFileSync } from 'node:fs'
import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn } from '../../../support/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, certificateOfAnother, privateKey, privateKeyOfAnother } from './certificate.ts'

forbidUnhandledRejections()

const secure = (cert: string, key: string, joins?: StandIn): Promise<StandIn> => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, cert)
  return standIn({ tls: { cert, key, caFile }, ...(joins && { joins }) })
}

const open: { readonly [of: string]: (url: string) => Promise<EventStore> } = {
  'the store’s own client': (connectionString) => openEventStoreDbStore({ connectionString, deadlineMs: 1000 }),
  'a client of somebody else’s': (url) =>
    openEventStoreDbStore({ client: EventStoreDBClient.connectionString(url), deadlineMs: 1000 })
}

describe.each(Object.entries(open))('TLS to an IP address, over %s', (_, openOn) => {
  const storeOn = async (url: string): Promise<EventStore> => {
    const store = await openOn(url)
    onTestFinished(() => store.dispose())
    return store
  }

  it('works on every Node, without a warning, since the address is not given out as a name', async () => {
    const warned = vi.spyOn(process, 'emitWarning')
    onTestFinished(() => warned.mockRestore())
    const store = await storeOn((await secure(certificate, privateKey)).url)
    expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
    expect(await store.readAll('start', 'test-', 1)()).toMatchObject(E.right({ events: [{ revision: 0n }] }))
    expect(warned).not.toHaveBeenCalled()
  })

  it('works where a cluster is looked through by gossip', async () => {
    const leader = await secure(certificate, privateKey)
    await secure(certificate, privateKey, leader)
    const store = await storeOn(leader.clusterUrl())
    expect(await store.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
  })

  it('still asks for a certificate of that very address, or name', async () => {
    const { url } = await secure(certificateOfAnother, privateKeyOfAnother)
    const byAddress = await storeOn(url)
    expect(await byAddress.append(appendOf(1))()).toMatchObject(
      E.left({ _tag: 'NotWritten', error: { _tag: 'StoreUnavailable' } })
    )
    const byName = await storeOn(url.replace('127.0.0.1', 'localhost'))
    expect(await byName.append(appendOf(1))()).toEqual(E.right({ revision: 0n }))
  })
})
