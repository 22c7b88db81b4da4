import { describe, expect, it, onTestFinished } from 'vitest'
import { startStandIn } from '../../../../src/testing/eventstoredb.ts'
import { clientOf, errorOf, letter, standIn, unary } from './world.ts'

const error = { error: 'unknown' }

const refused = (path: string) =>
  expect.objectContaining({ tag: 'InvalidInput', failure: expect.objectContaining({ path }) })

describe('what makes no sense is refused by name', () => {
  it.each<readonly [unknown, string]>([
    [null, '$'],
    [5, '$'],
    [{ maxAppendBytes: 100 }, '$.maxAppendBytes'],
    [{ port: -1 }, '$.port'],
    [{ port: 65_536 }, '$.port'],
    [{ port: '2113' }, '$.port'],
    [{ now: 5 }, '$.now'],
    [{ maxAppendSize: 0 }, '$.maxAppendSize'],
    [{ version: 'new' }, '$.version'],
    [{ version: 24 }, '$.version'],
    [{ indexLagMs: -1 }, '$.indexLagMs'],
    [{ tls: { cert: 'c' } }, '$.tls.key'],
    [{ tls: { cert: 'c', key: 'k', ca: 'f' } }, '$.tls.ca'],
    [{ users: ['admin'] }, '$.users'],
    [{ users: { admin: 5 } }, '$.users'],
    [{ admins: 'admin' }, '$.admins'],
    [{ groups: { admin: 'g' } }, '$.groups'],
    [{ anonymous: 'yes' }, '$.anonymous'],
    [{ quirks: { silent: true } }, '$.quirks.silent'],
    [{ quirks: { endsLaggingBy: 0 } }, '$.quirks.endsLaggingBy'],
    [{ joins: {} }, '$.joins'],
    [{ joins: null }, '$.joins']
  ])('in the options of a stand-in: %j', async (options, path) => {
    await expect(startStandIn(options as never)).rejects.toEqual(refused(path))
  })

  it('a copy of a stand-in is none that another could join', async () => {
    const first = await standIn()
    await expect(startStandIn({ joins: { ...first } })).rejects.toEqual(refused('$.joins'))
  })

  it.each<readonly [unknown, string]>([
    [undefined, '$'],
    [{}, '$.do'],
    [{ do: 'explode' }, '$.do'],
    [{ do: {} }, '$.do.error'],
    [{ do: { error: 'unknwon' } }, '$.do.error'],
    [{ do: { delayMs: -1 } }, '$.do.delayMs'],
    [{ do: { delayMs: 1, error: 'unknown' } }, '$.do.error'],
    [{ do: error, when: 'afterwards' }, '$.when'],
    [{ do: error, when: { events: 0 } }, '$.when.events'],
    [{ do: error, when: { event: 1 } }, '$.when.event'],
    [{ do: error, wehn: 'after' }, '$.wehn'],
    [{ do: error, times: 0 }, '$.times'],
    [{ do: error, times: 1.5 }, '$.times'],
    [{ do: error, rpc: 'apend' }, '$.rpc'],
    [{ do: error, rpc: [] }, '$.rpc'],
    [{ do: error, for: 's' }, '$.for']
  ])('in a fault: %j', async (fault, path) => {
    const { faults } = await standIn()
    expect(() => faults.next(fault as never)).toThrow(refused(path))
    expect(faults.outstanding()).toBe(0)
  })

  it('in what else it takes', async () => {
    const server = await standIn()
    expect(() => server.faults.always({ do: error } as never)).toThrow(refused('decide'))
    expect(() => server.thaw({ deposedMs: -1 })).toThrow(refused('$.deposedMs'))
    await expect(server.stop({ gracefully: true } as never)).rejects.toEqual(refused('$.gracefully'))
    expect(server.role()).toBe('leader')
  })
})

describe('a fault that is decided at a call, and is none', () => {
  it.each<readonly [string, () => unknown, unknown]>([
    ['is refused', () => ({ do: 'explode' }), refused('$.do')],
    ['or threw', () => expect.unreachable('the test’s own'), expect.objectContaining({ message: expect.any(String) })]
  ])('%s: the call ends, and the process is told', async (_, decide, told) => {
    const server = await standIn()
    const listeners = process.listeners('unhandledRejection')
    onTestFinished(() => {
      process.removeAllListeners('unhandledRejection')
      for (const listener of listeners) process.on('unhandledRejection', listener)
    })
    process.removeAllListeners('unhandledRejection')
    const heard = new Promise((resolve) => process.once('unhandledRejection', resolve))
    server.faults.always(decide as never)
    expect(await errorOf(unary(clientOf(server.url))('s', [letter('a')], 'any'))).toMatchObject({ type: 'unknown' })
    expect(await heard).toEqual(told)
    expect(server.records()).toEqual([])
  })
})
