import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { parseConnectionString } from '../../../../src/adapters/eventstoredb/connection-string.ts'
import { eventStoreDbStore } from '../../../../src/eventstoredb.ts'

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
    expect(parsed('esdb://admin:changeit@localhost:2113?tls=false')).toEqual({
      anonymous: 'esdb://localhost:2113?tls=false',
      credentials: { username: 'admin', password: 'changeit' },
      insecure: true
    })
    expect(parsed('esdb://a%40b:p%3Aq%2F%25@h').credentials).toEqual({ username: 'a@b', password: 'p:q/%' })
    expect(parsed('esdb://u:p@ss:w/rd@h1:1,h2:2').credentials).toEqual({ username: 'u', password: 'p@ss:w/rd' })
  })

  it('reads the options that matter here as the client reads them', () => {
    expect(parsed('esdb://h').insecure).toBe(false)
    expect(parsed('esdb+discover://h/?TLS=false').insecure).toBe(true)
    expect(parsed('esdb://h?tls=true&t_l-s=false').insecure).toBe(true)
    expect(parsed('esdb://h?defaultDeadline=250').defaultDeadlineMs).toBe(250)
    expect(parsed('esdb://h?tlsCAFile=/a@b').anonymous).toBe('esdb://h?tlsCAFile=/a%40b')
  })

  it.each([
    ['', 'no scheme'],
    ['http://secret:secret@h', 'a scheme of another kind'],
    ['kurrentdb://secret:secret@h', 'the scheme of the successor'],
    ['esdb://', 'no host'],
    ['esdb://user:secret@', 'no host after credentials'],
    ['esdb://secret@h', 'a user without a password'],
    ['esdb://user:%secret@h', 'credentials that cannot be decoded'],
    ['esdb://user:secret:secret', 'two colons and no @'],
    ['esdb://user:secret?x@h', 'a question mark in a password']
  ])('refuses %j: %s, and never shows the text', async (text) => {
    const error = refused(text)
    expect(error).toMatchObject({ _tag: 'InvalidInput', path: '$.connectionString' })
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(await eventStoreDbStore({ connectionString: text })()).toEqual(E.left(error))
  })

  it('tells what the client refuses, without the credentials', async () => {
    for (const text of ['esdb://u:secret@h?tls=perhaps', 'esdb://u:secret@h?tlsCAFile=/nowhere/ca.pem']) {
      const result = await eventStoreDbStore({ connectionString: text })()
      if (E.isRight(result)) expect.fail('it was taken')
      expect(result.left).toMatchObject({ _tag: 'InvalidInput', path: '$.connectionString' })
      expect(JSON.stringify(result.left)).not.toContain('secret')
    }
  })

  it.each(['deadlineMs', 'maxAppendBytes'])('refuses a %s that is no whole number above 0', async (name) => {
    for (const value of [0, -1, 1.5, Number.NaN]) {
      const result = await eventStoreDbStore({ connectionString: 'esdb://h', [name]: value })()
      expect(result).toMatchObject(E.left({ _tag: 'InvalidInput', path: `$.${name}` }))
    }
  })
})
