import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connect } from '../../../../src/adapters/eventstoredb/client/connect.ts'
import { parseConnectionString } from '../../../../src/adapters/eventstoredb/client/connection-string.ts'
import { openEventStoreDbStoreTaskEither } from '../../../../src/eventstoredb.ts'

const parsed = (text: string) => {
  const result = parseConnectionString(text)
  if (E.isLeft(result)) expect.fail(result.left.message)
  return result.right
}

const refused = (text: string) => {
  const result = parseConnectionString(text)
  if (E.isRight(result)) expect.fail('it was taken')
  return result.left
}

describe('connection string', () => {
  it('takes the credentials out, decoded, whatever the password holds', () => {
    expect(parsed('esdb://admin:changeit@localhost:2113?tls=false')).toMatchObject({
      anonymous: 'esdb://localhost:2113?tls=false',
      hosts: [{ host: 'localhost', port: 2113 }],
      isCluster: false,
      credentials: { username: 'admin', password: 'changeit' },
      options: { tls: false }
    })
    expect(parsed('esdb://a%40b:p%3Aq%2F%25@h').credentials).toEqual({ username: 'a@b', password: 'p:q/%' })
    expect(parsed('esdb://u:p@ss:w/rd@h1:1,h2:2').credentials).toEqual({ username: 'u', password: 'p@ss:w/rd' })
  })

  it('reads the options that matter here as the client reads them', () => {
    expect(parsed('esdb://h?defaultDeadline=250').options.defaultDeadlineMs).toBe(250)
    expect(parsed('esdb+discover://h/?DEFAULT-deadline=250').options.defaultDeadlineMs).toBe(250)
    expect(parsed('esdb://h?defaultDeadline=1&default_dead_line=250').options.defaultDeadlineMs).toBe(250)
    expect(parsed('esdb://a,b:7?node-preference=Read_Only_Replica')).toMatchObject({
      hosts: [
        { host: 'a', port: 2113 },
        { host: 'b', port: 7 }
      ],
      isCluster: true,
      options: { preference: 'readOnly' }
    })
    expect(parsed('esdb://h?tlsCAFile=/a@b').anonymous).toBe('esdb://h?tlsCAFile=/a%40b')
  })

  it('looks for a node in short turns, unless told otherwise: one that never answers must not cost a whole call', () => {
    expect(parsed('esdb://a:1,b:2').options).toMatchObject({ gossipMs: 1000, attempts: 1, intervalMs: 100 })
    expect(parsed('esdb://a,b?gossip_timeout=3&maxdiscoverattempts=4&discoveryInterval=5').options).toMatchObject({
      gossipMs: 3000,
      attempts: 4,
      intervalMs: 5
    })
  })

  it.each(['kurrentdb', 'kurrent', 'kdb', 'KurrentDB'])('takes %s:// as what it is: the same protocol', (scheme) => {
    expect(parsed(`${scheme}://u:p@h:1?tls=false`).anonymous).toBe('esdb://h:1?tls=false')
    expect(parsed(`${scheme}+discover://h:1`).anonymous).toBe('esdb+discover://h:1')
  })

  it('keeps from the client what it would print with the whole string, and tells of it', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const printed = vi.spyOn(console, 'warn')
    onTestFinished(() => void vi.restoreAllMocks())
    const { anonymous } = parsed('esdb://h?tls=false&tlsVerifyCert=false&some.thing=x')
    expect(anonymous).toBe('esdb://h?tls=false')
    connect('esdb://h?tls=false&tlsVerifyCert=false&some.thing=secret')
    expect(warnings.mock.calls.map(([text]) => text)).toEqual([
      'options of the connection string without effect: tlsVerifyCert, one without a proper name'
    ])
    expect(printed).not.toHaveBeenCalled()
  })

  it('warns once of credentials that are dropped since there is no TLS, and names none of them', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => void vi.restoreAllMocks())
    await openEventStoreDbStoreTaskEither({ connectionString: 'esdb://someone:secret@h?tls=false' })()
    expect(warnings).toHaveBeenCalledOnce()
    expect(warnings.mock.calls[0]).toMatchObject([
      expect.stringContaining('tls=false'),
      { code: 'KEYFOLD_CREDENTIALS_WITHOUT_TLS' }
    ])
    expect(JSON.stringify(warnings.mock.calls)).not.toMatch(/someone|secret/)
    warnings.mockClear()
    await openEventStoreDbStoreTaskEither({ connectionString: 'esdb://someone:secret@h' })()
    await openEventStoreDbStoreTaskEither({ connectionString: 'esdb://h?tls=false' })()
    expect(warnings).not.toHaveBeenCalled()
  })

  it('leaves no slash behind a host, which the client would take for a part of its name', () => {
    expect(parsed('esdb://h/?tls=false').anonymous).toBe('esdb://h?tls=false')
    expect(parsed('esdb://h:1//').anonymous).toBe('esdb://h:1')
  })

  it.each([
    ['', 'no scheme'],
    ['http://secret:secret@h', 'a scheme of another kind'],
    ['kurrentdbs://secret:secret@h', 'a scheme that looks like one'],
    ['esdb://', 'no host'],
    ['esdb://user:secret@', 'no host after credentials'],
    ['esdb://secret@h', 'a user without a password'],
    ['esdb://user:%secret@h', 'credentials that cannot be decoded'],
    ['esdb://user:secret:secret', 'two colons and no @'],
    ['esdb://user:secret pass/x@', 'a password with spaces, and no host'],
    ['esdb://user:12?tls=secret@h', 'a question mark in a password that looks like a port and a known option'],
    ['esdb://user:12?keepAliveTimeout=secret@h', 'the same with a number'],
    ['esdb://user:12?nodePreference=secret@h', 'the same with a word'],
    ['esdb://user:secret?x@h', 'a question mark in a password'],
    ['esdb://user:1234?secret=x@h', 'a question mark in a password that looks like a port and an option']
  ])('refuses %j: %s, and never shows the text', async (text) => {
    const error = refused(text)
    expect(error).toMatchObject({ _tag: 'InvalidInput', path: '$.connectionString' })
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(await openEventStoreDbStoreTaskEither({ connectionString: text })()).toEqual(E.left(error))
  })

  it('tells what the client refuses, without the credentials', async () => {
    for (const text of [
      'esdb://u:secret@h?tls=perhaps',
      'esdb://u:secret@h?tlsCAFile=/nowhere/ca.pem',
      'esdb://u:12?userCertFile=secret@h'
    ]) {
      const result = await openEventStoreDbStoreTaskEither({ connectionString: text })()
      if (E.isRight(result)) expect.fail('it was taken')
      expect(result.left).toMatchObject({ _tag: 'InvalidInput', path: '$.connectionString' })
      expect(JSON.stringify(result.left)).not.toContain('secret')
    }
  })
})
