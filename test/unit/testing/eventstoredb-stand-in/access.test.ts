import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StandIn, StandInOptions } from '../../../../src/testing/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from '../../adapters/eventstoredb/certificate.ts'
import { batched, clientOf, collect, errorOf, letter, lettersIn, standIn, textOf, unary } from './world.ts'

const secure = (options: StandInOptions = {}): Promise<StandIn> => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, certificate)
  return standIn({ tls: { cert: certificate, key: privateKey, caFile }, ...options })
}

/** By its name: the client hands an address over as the name of a TLS server, which Node 26 refuses. */
const urlOf = (server: StandIn): string => server.url.replace('127.0.0.1', 'localhost')
const as = (server: StandIn, credentials: string): string => urlOf(server).replace(/\/\/.*@/, `//${credentials}@`)
const withoutCredentials = (server: StandIn): string => urlOf(server).replace(/\/\/.*@/, '//')

const denied = { type: 'access-denied' }

describe('a server with TLS', () => {
  it('takes the credentials of its first user, from its own url', async () => {
    const server = await secure({ users: { 'a@b': 'p:q/%' } })
    expect(server.url).toContain('//a%40b:p%3Aq%2F%25@127.0.0.1')
    await batched(clientOf(urlOf(server)))('s', [letter('a')], 'any')
    expect(server.calls.slice(1).map(({ user }) => user)).toEqual(['a@b', 'a@b'])
  })

  it('refuses wrong passwords everywhere, also where none is needed', async () => {
    const server = await secure({ anonymous: true })
    const client = clientOf(as(server, 'admin:wrong'))
    const credentials = { username: 'admin', password: 'wrong' }
    for (const call of [
      () => unary(client)('s', [letter('a')], 'any', { credentials }),
      () => batched(client)('s', [letter('a')], 'any'),
      () => lettersIn(client, 's'),
      () => client.deleteStream('s')
    ]) {
      expect(await errorOf(call())).toMatchObject(denied)
    }
    expect(server.records()).toEqual([])
  })

  it('refuses strangers, unless they are welcome', async () => {
    const server = await secure()
    const client = clientOf(withoutCredentials(server))
    expect(await errorOf(batched(client)('s', [letter('a')], 'any'))).toMatchObject(denied)
    expect(await errorOf(lettersIn(client, 's'))).toMatchObject(denied)
    const open = await secure({ anonymous: true })
    const other = clientOf(withoutCredentials(open))
    await batched(other)('s', [letter('a')], 'any')
    expect(await lettersIn(other, 's')).toEqual(['a'])
  })

  it('lets only administrators read the whole log, and system streams', async () => {
    const server = await secure({ users: { admin: 'x', user: 'y' } })
    const user = clientOf(as(server, 'user:y'))
    const credentials = { username: 'user', password: 'y' }
    await user.appendToStream('s', letter('a'), { credentials })
    expect(await lettersIn(user, 's')).toEqual(['a'])
    expect(await errorOf(collect(user.readAll()))).toMatchObject(denied)
    expect(await errorOf(user.appendToStream('$s', letter('a'), { credentials }))).toMatchObject(denied)
    const subscription = user.subscribeToAll()
    expect(await new Promise((resolve) => subscription.once('error', resolve))).toMatchObject(denied)
    expect((await collect(clientOf(as(server, 'admin:x')).readAll())).map(textOf)).toEqual(['$metadata', 'a'])
  })

  it('lets those read whom the access list of a stream names: by name, by group, or all', async () => {
    const server = await secure({
      users: { admin: 'x', user: 'y', other: 'z' },
      groups: { user: ['readers'] }
    })
    const [admin, user, other] = ['admin:x', 'user:y', 'other:z'].map((who) => clientOf(as(server, who)))
    if (admin === undefined || user === undefined || other === undefined) throw new Error('there are three')
    await admin.appendToStream('s', letter('a'), { credentials: { username: 'admin', password: 'x' } })
    await admin.setStreamMetadata('$all', { acl: { readRoles: ['$admins', 'readers'] } })
    expect((await collect(user.readAll({ maxCount: 1 }))).length).toBe(1)
    expect(await errorOf(collect(other.readAll()))).toMatchObject(denied)
    await admin.setStreamMetadata('s', { acl: { readRoles: ['other'], writeRoles: ['$all'] } })
    expect(await lettersIn(other, 's')).toEqual(['a'])
    expect(await errorOf(lettersIn(user, 's'))).toMatchObject(denied)
    await user.appendToStream('s', letter('b'), { credentials: { username: 'user', password: 'y' } })
    expect(await lettersIn(admin, 's')).toEqual(['a', 'b'])
  })

  it('is no server to those who do not trust its certificate, or speak no TLS', async () => {
    const server = await secure()
    for (const url of [urlOf(server).replace(/&tlsCAFile=.*/, ''), `esdb://127.0.0.1:${server.port}?tls=false`]) {
      expect(await errorOf(lettersIn(clientOf(url), 's'))).toMatchObject({ type: 'unavailable' })
    }
    expect(server.calls).toEqual([])
  })
})
