import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { StandIn, StandInOptions } from '../../src/testing/eventstoredb.ts'
import { standIn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { keyfold, type Ran, start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { claimed, fileOf, keyed, recordIdOf, reserve, reserveLine } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { certificate, privateKey } from '../unit/adapters/eventstoredb/certificate.ts'

const password = 'S3cr3t:pa/ss@1'
/** As it is meant, as it is written in an address, and as it goes over the wire. */
const secrets = [
  password,
  encodeURIComponent(password),
  'S3cr3t',
  Buffer.from(`ann:${password}`).toString('base64').slice(0, -2)
]

const secure = async (options: StandInOptions = {}): Promise<{ server: StandIn; address: string }> => {
  const caFile = temporaryFile('ca.pem')
  writeFileSync(caFile, certificate)
  const server = await standIn({
    tls: { cert: certificate, key: privateKey, caFile },
    users: { ann: password },
    admins: ['ann'],
    ...options
  })
  // the certificate names both; of an address that is a number Node.js warns
  return { server, address: server.url.replace('127.0.0.1', 'localhost') }
}

/** Runs a command as a process of its own, or in this one; whatever it comes to, it must not have told the password. */
const run = async (address: string, args: ReadonlyArray<string>, input = '', command = keyfold): Promise<Ran> => {
  const ran = await command(args, { input, env: { KEYFOLD_STORE: address } })
  for (const secret of secrets) expect(ran.stdout + ran.stderr).not.toContain(secret)
  return ran
}

/** The answer of a command that must succeed, and complain of nothing. */
const answer = async (address: string, args: ReadonlyArray<string>, command = keyfold): Promise<unknown> => {
  const { code, stdout, stderr } = await run(address, [...args, '--json'], '', command)
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' })
  return JSON.parse(stdout)
}

/** The same of a command that is a process of its own elsewhere in this file. */
const answerHere = (address: string, args: ReadonlyArray<string>): Promise<unknown> =>
  answer(address, args, keyfoldHere)

const importing = (count: number): ReadonlyArray<string> => {
  const file = temporaryFile('keys.json')
  writeFileSync(file, fileOf(count))
  return ['import', file, '--source=test']
}

const recordsIn = (text: string): object => JSON.parse(text).records

describe('every command, each once a process of its own, on a server with TLS and a password', () => {
  it('does what a holder asks for, keeps the password to itself, and ends', async () => {
    const { address } = await secure()
    expect(await answer(address, reserve('a', 'c-1'))).toMatchObject({ result: 'reserved', takeover: false })
    expect(await answerHere(address, reserve('a', 'c-2'))).toMatchObject({ result: 'duplicate' })
    expect(await answer(address, ['renew', ...claimed('a', 'c-1'), '--lease=2h'])).toMatchObject({ result: 'renewed' })
    expect(await answer(address, ['complete', ...claimed('a', 'c-1'), '--outcome=charged'])).toMatchObject({
      result: 'completed'
    })
    expect(await answer(address, ['get', ...keyed('a')])).toMatchObject({
      record: { status: 'completed', outcome: { outcome_kind: 'charged' } }
    })
    expect(await answer(address, ['history', ...keyed('a')])).toMatchObject({
      events: [{ type: 'Reserved' }, { type: 'DuplicateSeen' }, { type: 'LeaseRenewed' }, { type: 'Completed' }]
    })
  })

  it('gives a claim back', async () => {
    const { address } = await secure()
    await answerHere(address, reserve('b', 'c-3'))
    expect(await answer(address, ['release', ...claimed('b', 'c-3')])).toMatchObject({ result: 'released' })
  })

  it('does what an operator asks for', async () => {
    const { address } = await secure()
    const operator = ['--by=ann', '--note=why']
    await answerHere(address, reserve('c', 'c-4'))
    expect(await answer(address, ['expire-by-operator', ...keyed('c'), ...operator])).toMatchObject({
      result: 'expired'
    })
    await answerHere(address, reserve('d', 'c-5'))
    expect(
      await answer(address, ['complete-by-operator', ...keyed('d'), '--outcome=charged', ...operator])
    ).toMatchObject({ result: 'completed' })
  })

  it('answers a batch, lists and exports', async () => {
    const { address } = await secure()
    const lines = [reserveLine('e'), reserveLine('e'), 'no JSON\n', reserveLine('f')].join('')
    const batch = await run(address, ['batch'], lines)
    const results = batch.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(results).toMatchObject([
      { result: 'reserved' },
      { result: 'duplicate' },
      { error: { tag: 'InvalidInput' } },
      { result: 'reserved' }
    ])
    expect(await answer(address, ['list'])).toMatchObject({ found: 2 })
    expect(await answerHere(address, ['list', '--category=other'])).toMatchObject({ found: 0 })
    const exported = await run(address, ['export'])
    expect(Object.keys(recordsIn(exported.stdout)).toSorted()).toEqual(['e', 'f'].map(recordIdOf).toSorted())
  })
})

describe('import', () => {
  const count = 150

  it('that is killed half-way is healed by running it again; a third time brings nothing', async () => {
    const server = await standIn()
    const args = importing(count)
    // holds the append up that is under way when a third is written, until the process is dead
    server.faults.always(({ rpc, nth }) => (rpc === 'append' && nth > count / 3 ? { do: 'hang' } : undefined))
    const { child, ended } = start(args, { env: { KEYFOLD_STORE: server.url } })
    await eventually(() => expect(server.records().length).toBe(count / 3))
    child.kill('SIGKILL')
    expect(await ended).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    server.faults.clear()
    await eventually(() => expect(server.connections()).toBe(0))
    const stood = server.records().length
    expect(stood).toBeLessThan(count)
    expect(await answer(server.url, args)).toEqual({ imported: count - stood, skipped: stood, records: count })
    expect(await answerHere(server.url, args)).toEqual({ imported: 0, skipped: count, records: count })
    // one event for each key, whatever was under way when it was killed
    expect(server.records()).toHaveLength(count)
    const exported = await run(server.url, ['export'], '', keyfoldHere)
    const records = JSON.parse(exported.stdout).records
    expect(records).toEqual(recordsIn(readFileSync(String(args[1]), 'utf8')))
  })
})

describe('a failure', () => {
  it.each<[string, (address: string) => string, number, string]>([
    ['a wrong password', (address) => address.replace('S3cr3t', 'S3cr3tX'), 20, 'AccessDenied'],
    ['no user', (address) => address.replace(/ann.*@/, ''), 20, 'AccessDenied'],
    ['no TLS', (address) => address.replace(/tls=true.*/, 'tls=false'), 18, 'StoreUnavailable'],
    ['nobody there', () => `esdb://ann:${encodeURIComponent(password)}@127.0.0.1:1`, 18, 'StoreUnavailable'],
    ['no port', () => 'esdb://ann:S3cr3t@localhost:port', 10, 'InvalidInput'],
    ['no host', () => 'esdb://ann:S3cr3t@', 10, 'InvalidInput'],
    ['a password that is not encoded', () => 'esdb://ann:S3cr3t?x=S3cr3t@localhost', 10, 'InvalidInput'],
    ['a password that cannot be decoded', () => 'esdb://ann:S3cr3t%zz@localhost', 10, 'InvalidInput'],
    ['no user’s name', () => 'esdb://S3cr3t@localhost', 10, 'InvalidInput'],
    ['an option that makes no sense', () => 'esdb://ann:S3cr3t@localhost?tls=S3cr3t', 10, 'InvalidInput'],
    [
      'nobody there, in the scheme of the successor',
      () => 'kurrentdb://ann:S3cr3t@127.0.0.1:1',
      18,
      'StoreUnavailable'
    ],
    ['a scheme that there is not', () => 'kurrentdbs://ann:S3cr3t@localhost', 10, 'InvalidInput']
  ])('of %s names its tag and no password', async (_, change, code, tag) => {
    const { address } = await secure()
    const mode = tag === 'AccessDenied' ? ['--json'] : []
    // an address that cannot be read is refused before there is a client, which could say something by itself
    const command = tag === 'InvalidInput' ? keyfoldHere : keyfold
    const ran = await run(change(address), ['get', ...keyed('a'), ...mode], '', command)
    expect(ran).toMatchObject({ code, stdout: '' })
    // that credentials are not sent without TLS is said before
    const said = ran.stderr.replace(/^\(node:.*\n/gm, '').replace(/^\(Use `node .*\n/gm, '')
    expect(said).toMatch(new RegExp(`^error: ${tag}: [^\\n]+\\nwhat to do: [^\\n]+\\n$`))
  })

  it('of an address in the wrong place names no password either', async () => {
    const { address } = await secure()
    const places = [[address], ['list', address], ['get', '--key', address, '--bad']]
    const ran = await Promise.all(places.map((args) => run(address, args, '', keyfoldHere)))
    expect(ran).toMatchObject(places.map(() => ({ code: 2, stdout: '' })))
  })

  it('of a server that accepts and never answers comes in time, and the process ends', async () => {
    const server = await standIn()
    server.mute()
    const ran = await run(`${server.url}&defaultDeadline=500`, ['get', ...keyed('a')])
    expect(ran).toMatchObject({ code: 19, stdout: '', stderr: expect.stringContaining('StoreTimeout') })
  })

  it('in the midst of an import says that it can be run again', async () => {
    const server = await standIn()
    server.faults.always(({ rpc, nth }) =>
      rpc === 'append' && nth > 20 ? { do: { error: 'accessDenied' } } : undefined
    )
    const args = importing(50)
    const ran = await run(server.url, args, '', keyfoldHere)
    expect(ran).toMatchObject({ code: 20, stdout: '', stderr: expect.stringContaining('AccessDenied') })
    server.faults.clear()
    expect(await answerHere(server.url, args)).toMatchObject({ imported: 30, skipped: 20 })
  })
})

describe('warnings of the client', () => {
  it('go to stderr, without the password: stdout is the answer and nothing else', async () => {
    const { address } = await secure()
    const options = ['nonsense=1', 'keepAliveInterval=500', 'tlsVerifyCert=false']
    for (const ran of await Promise.all(options.map((option) => run(`${address}&${option}`, ['list', '--json'])))) {
      expect(ran.code).toBe(0)
      expect(JSON.parse(ran.stdout)).toMatchObject({ found: 0 })
      expect(ran.stderr).not.toBe('')
    }
  })
})
