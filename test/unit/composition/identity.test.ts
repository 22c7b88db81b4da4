import { createHmac } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { recordId } from '../../../src/composition/hashing.ts'
import { createLedger, type Ledger } from '../../../src/composition/ledger.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import { importable } from '../../support/importable.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../support/scripted-ledger.ts'

const secret = 'sixteen bytes or more'
const identity = { secret }

/** SPEC section 2, written down a second time: the same parts, under a key. */
const expectedId = (key: string | Uint8Array, parts: ReadonlyArray<string>): string => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)))
    hmac.update(length).update(part, 'utf8')
  }
  return `idem_${hmac.digest('hex')}`
}

const { tenant, operation, key } = keyOf()
const mine = expectedId(secret, ['org', 'ws', '', 'op', 'k'])
const plain = recordId(tenant, operation, key)

it('is a secret of bytes of another realm too, as a test runner hands them over', () => {
  const foreign: Uint8Array = runInNewContext('new Uint8Array(16).fill(7)')
  const own = new Uint8Array(16).fill(7)
  expect(recordId(tenant, operation, key, { secret: foreign })).toBe(recordId(tenant, operation, key, { secret: own }))
})

describe('a ledger with an identity secret', () => {
  let store: EventStore
  let ledger: Ledger
  beforeEach(() => {
    store = memoryStore()
    ledger = createLedger({ store, identity })
  })

  it('names streams so that nobody can tell the key by trying keys', async () => {
    const answer = await ledger.reserve(asking())
    expect(answer).toMatchObject({ record: { recordId: mine }, claim: { recordId: mine } })
    const read = await store.readStream(`idempotency-${mine}`, 'forwards', 'start', 9)()
    expect(read).toMatchObject({ right: [{ type: 'Reserved' }] })
    expect(await store.readStream(`idempotency-${plain}`, 'forwards', 'start', 9)()).toMatchObject({ right: [] })
  })
  it('finds what it reserved, by every command that names a key', async () => {
    const claim = claimOf(await ledger.reserve(asking()))
    expect(await ledger.get(keyOf())).toMatchObject({ recordId: mine })
    expect(await ledger.history(keyOf())).toHaveLength(1)
    expect(await ledger.completeByKey({ ...keyOf(), outcome: done })).toMatchObject({ record: { recordId: mine } })
    const operator = { ...keyOf(), actor: 'o', note: 'n' }
    expect(await ledger.completeByOperator({ ...operator, outcome: done })).toMatchObject({
      record: { recordId: mine }
    })
    expect(await ledger.expire({ recordId: mine })).toMatchObject({ _tag: 'NotDue' })
    expect(await ledger.expireByOperator(operator)).toMatchObject({ record: { recordId: mine } })
    expect(await ledger.release({ claim })).toMatchObject({ _tag: 'ClaimLost' })
    const all = await ledger.reserveAll([
      { ...asking(), lease: 5 },
      { ...asking({ key: 'l' }), lease: 5 }
    ])
    expect(all).toMatchObject({ reservations: [{ claim: { recordId: mine } }, {}] })
    expect((await ledger.list()).map(({ key: name }) => name).sort()).toEqual(['k', 'l'])
  })
  it('holds nothing of a ledger with another secret, or with none', async () => {
    await ledger.reserve(asking())
    for (const other of [createLedger({ store }), createLedger({ store, identity: { secret: `${secret}!` } })]) {
      expect(await other.get(keyOf())).toBeUndefined()
    }
    expect(await createLedger({ store, identity: { secret: Buffer.from(secret) } }).get(keyOf())).toBeDefined()
  })
  it('keeps its secret where the caller overwrites the bytes', async () => {
    const bytes = Buffer.from(secret)
    const own = createLedger({ store, identity: { secret: bytes } })
    bytes.fill(0)
    expect(await own.reserve(asking())).toMatchObject({ record: { recordId: mine } })
  })
  it('imports nothing: nobody would find it again', async () => {
    const failed = await failureOf(ledger.importRecords([importable('k')], { source: 's' }))
    expect(failed).toMatchObject({ _tag: 'InvalidInput', path: '$.identity.secret' })
    expect(failed.message).not.toContain(secret)
    expect(await ledger.list()).toEqual([])
  })
})

const tooWeak: ReadonlyArray<unknown> = [
  undefined,
  null,
  '',
  'fifteen bytes..',
  new Uint8Array(15),
  '\ud800'.repeat(16),
  7,
  ['sixteen bytes or more'],
  { length: 32 }
]

describe.each(tooWeak)('an identity secret that is none: %o', (weak) => {
  it('is refused by its path, and never shown', () => {
    expect.assertions(6)
    const attempts = [
      () => createLedger({ store: memoryStore(), identity: { secret: weak as string } }),
      () => recordId(tenant, operation, key, { secret: weak as string })
    ]
    for (const [index, attempt] of attempts.entries()) {
      try {
        attempt()
      } catch (cause) {
        expect(cause).toBeInstanceOf(KeyfoldError)
        expect((cause as KeyfoldError).failure).toMatchObject({
          _tag: 'InvalidInput',
          path: index === 0 ? '$.identity.secret' : '$.options.secret'
        })
        expect((cause as KeyfoldError).message).not.toContain('fifteen')
      }
    }
  })
})

describe('recordId', () => {
  it('makes the id that a ledger with the secret has, and without one the plain id', () => {
    expect(recordId(tenant, operation, key, identity)).toBe(mine)
    expect(recordId(tenant, operation, key, { secret: Buffer.from(secret) })).toBe(mine)
    const parts = ['ключ', 'ws', 'd', 'операция', '鍵']
    expect(recordId({ orgId: 'ключ', workspaceId: 'ws', deploymentId: 'd' }, 'операция', '鍵', identity)).toBe(
      expectedId(secret, parts)
    )
    expect(recordId(tenant, operation, key)).toBe(plain)
    expect(plain).not.toBe(mine)
  })
  it('hashes keys of any length', () => {
    const long = '鍵'.repeat(20_000)
    expect(recordId(tenant, operation, long, identity)).toBe(expectedId(secret, ['org', 'ws', '', 'op', long]))
  })
})
