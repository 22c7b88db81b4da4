import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connect } from '../../../../src/adapters/eventstoredb/connect.ts'
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
      credentials: { username: 'admin', password: 'changeit' }
    })
    expect(parsed('esdb://a%40b:p%3Aq%2F%25@h').credentials).toEqual({ username: 'a@b', password: 'p:q/%' })
    expect(parsed('esdb://u:p@ss:w/rd@h1:1,h2:2').credentials).toEqual({ username: 'u', password: 'p@ss:w/rd' })
  })

  it('reads the options that matter here as the client reads them', () => {
    expect(parsed('esdb://h?defaultDeadline=250').defaultDeadlineMs).toBe(250)
    expect(parsed('esdb+discover://h/?DEFAULT-deadline=250').defaultDeadlineMs).toBe(250)
    expect(parsed('esdb://h?defaultDeadline=1&default_dead_line=250').defaultDeadlineMs).toBe(250)
    expect(parsed('esdb://h?keep_alive_timeout=-1').keepAliveTimeoutMs).toBe(-1)
    expect(parsed('esdb://h?tlsCAFile=/a@b').anonymous).toBe('esdb://h?tlsCAFile=/a%40b')
  })

  it('looks for a node in short turns, unless told otherwise: one that never answers must not cost a whole call', () => {
    const turns = 'gossipTimeout=1&maxDiscoverAttempts=1'
    expect(parsed('esdb://a:1,b:2').anonymous).toBe(`esdb://a:1,b:2?${turns}`)
    expect(parsed('esdb+discover://u:p@h/?tls=false').anonymous).toBe(`esdb+discover://h?tls=false&${turns}`)
    expect(parsed('esdb://a,b?gossip_timeout=3').anonymous).toBe('esdb://a,b?gossip_timeout=3&maxDiscoverAttempts=1')
    expect(parsed('esdb://a,b?gossipTimeout=3&maxdiscoverattempts=4').anonymous).toBe(
      'esdb://a,b?gossipTimeout=3&maxdiscoverattempts=4'
    )
    expect(parsed('esdb://a?tls=false').anonymous).toBe('esdb://a?tls=false')
  })

  it('leaves a keep-alive as it is asked for, but that no two clients may share a connection', () => {
    const given: Array<string> = []
    const spy = vi.spyOn(EventStoreDBClient, 'connectionString').mockImplementation((text) => {
      given.push(String(text))
      return Object.create(null)
    })
    onTestFinished(() => spy.mockRestore())
    const timeouts = ['esdb://h', 'esdb://h?keepAliveTimeout=3000', 'esdb://h?keepAliveTimeout=-1'].map((text) => {
      for (const _ of [1, 2]) connect(text)
      return given.splice(0).map((one) => Number(/.*keepAliveTimeout=(-?\d+)$/.exec(one)?.[1]))
    })
    const [usual = [], asked = [], none = []] = timeouts
    for (const [base, [a = 0, b = 0]] of [
      [10_000, usual],
      [3000, asked]
    ] as const) {
      expect([a - base, b - base].every((extra) => extra >= 0 && extra < 1000)).toBe(true)
      expect(a).not.toBe(b)
    }
    expect(none).toEqual([-1, -1])
  })

  it('leaves no slash behind a host, which the client would take for a part of its name', () => {
    expect(parsed('esdb://h/?tls=false').anonymous).toBe('esdb://h?tls=false')
    expect(parsed('esdb://h:1//').anonymous).toBe('esdb://h:1')
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
    ['esdb://user:secret?x@h', 'a question mark in a password'],
    ['esdb://user:1234?secret=x@h', 'a question mark in a password that looks like a port and an option']
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
