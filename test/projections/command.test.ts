import { describe, expect, it } from 'vitest'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { given } from '../../src/testing/given-when-then.ts'
import * as ex from '../arbitraries/examples.ts'
import { commandLine } from '../support/cli.ts'

const names = ['key_index', 'due_keys', 'stuck_keys', 'conflicts', 'event_rates', 'key_times', 'late_duplicates']

const key = ['--operation', 'charge', '--owner', 'me', '--fingerprint', 'f', '--lease', '1m']

describe('keyfold projections', () => {
  const setUp = async () => {
    const cli = commandLine()
    for (const name of ['a', 'b']) {
      const reserved = await cli.run(['reserve', '--key', name, ...key])
      expect(reserved.code, reserved.stderr).toBe(0)
    }
    const json = async (...args: ReadonlyArray<string>) => {
      const { code, stdout, stderr } = await cli.run(['--json', 'projections', ...args])
      return { code, stderr, said: stdout === '' ? undefined : JSON.parse(stdout) }
    }
    return { ...cli, json }
  }
  it('tells of what was never built, builds it, tells how it does, and checks it', async () => {
    const { json, run } = await setUp()
    expect((await json('status')).said).toEqual({ projections: names.map((name) => ({ name, built: false })) })
    expect(await json('rebuild', 'key_index', '--partitions', '2')).toMatchObject({
      code: 0,
      said: { projection: 'key_index', events: 2, parked: 0, partitions: 2 }
    })
    expect((await json('status')).said).toMatchObject({
      projections: [
        { name: 'key_index', version: 2, parked_keys: 0, built: true, partitions: [{ lag_events: 0 }, {}] },
        ...names.slice(1).map((name) => ({ name, built: false }))
      ]
    })
    expect((await json('verify', 'key_index')).said).toMatchObject({ events: 2, rows: 2, difference: null })
    expect((await json('parked', 'key_index')).said).toEqual({ projection: 'key_index', parked: [] })
    expect((await run(['projections', 'status'])).stdout).toContain('key_index')
    expect((await run(['projections', 'rebuild', 'key_index'], { isTTY: true })).stdout).toContain('rebuilt key_index')
  })
  it.each([
    [['status', 'nothing'], 10, 'there are: key_index'],
    [['rebuild'], 10, 'there are: key_index'],
    [['verify', 'key_index'], 10, 'there is no view key_index'],
    [['retry', 'key_index'], 10, '--by and --note'],
    [['skip', 'key_index', 'idem_1', '--by', 'me', '--note', 'why'], 10, 'there is no view key_index'],
    [['mend'], 2, 'mend']
  ] as const)('refuses %o', async (args, code, why) => {
    const { json } = await setUp()
    const answer = await json(...args)
    expect(answer.code).toBe(code)
    expect(answer.stderr).toContain(why)
  })
})

describe('the key index', () => {
  it('holds the last record of a key, also once it is free', () => {
    given([ex.reserved(), ex.completed()]).project(keyIndex)
    given([ex.reserved(), ex.expired('released')]).project(keyIndex)
    const columns = keyIndex.columnsOf?.(keyIndex.initialState, 'idem_1') ?? {}
    expect(columns).toMatchObject({ status: 'never held', key: undefined })
  })
})
