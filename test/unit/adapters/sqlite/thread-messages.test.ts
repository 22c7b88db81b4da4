import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { PackedAppend } from '../../../../src/adapters/sqlite/packed-append.ts'
import { errorOf, groupMessage, groupOf, resultOf, toldOf } from '../../../../src/adapters/sqlite/worker/messages.ts'
import { failure } from '../../../../src/domain/failure.ts'
import { sqliteError } from '../../../support/connect-around.ts'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))

const group: fc.Arbitrary<ReadonlyArray<PackedAppend>> = fc.array(
  fc.record({
    name: bytes,
    isNew: fc.boolean(),
    first: fc.nat(Number.MAX_SAFE_INTEGER),
    at: fc.nat(Number.MAX_SAFE_INTEGER),
    events: fc.array(fc.record({ type: fc.nat(8), body: bytes }), { maxLength: 5 })
  }),
  { maxLength: 20 }
)

describe('a group on its way to a thread', () => {
  it('comes out as it went in, and leaves its blocks to the thread', () => {
    fc.assert(
      fc.property(group, (appends) => {
        const message = groupMessage(appends, 5, 7)
        const there = structuredClone(message, { transfer: [message.numbers.buffer, message.bytes.buffer] })
        expect(groupOf(there)).toEqual(appends)
        expect([there.waitMs, there.known, message.bytes.length, message.numbers.length]).toEqual([5, 7, 0, 0])
      })
    )
  })
})

describe('what a thread tells', () => {
  it('of an error is its tag, its words and what SQLite calls it', () => {
    const error = failure('StoreFull', 'the disk is full', { cause: sqliteError('SQLITE_FULL', 13) })
    const told = errorOf(structuredClone(toldOf(error)))
    expect(told).toMatchObject({ _tag: 'StoreFull', message: 'the disk is full', cause: { code: 'SQLITE_FULL' } })
    expect(told.cause).toBeInstanceOf(Error)
  })

  it('of a cause that could not be cloned is nothing', () => {
    const error = failure('StoreUnavailable', 'why', { cause: { toString: () => 'x' } })
    expect(errorOf(structuredClone(toldOf(error)))).toEqual({ _tag: 'StoreUnavailable', message: 'why' })
  })

  it('of a group is each append that was not written; the others were', () => {
    const append = (first: number, count: number): PackedAppend => ({
      name: Buffer.of(1),
      isNew: false,
      first,
      at: 0,
      events: Array.from({ length: count }, () => ({ type: 0, body: Buffer.of(0) }))
    })
    const conflict = { _tag: 'WrongExpectedRevision', actual: 4n } as const
    expect(
      resultOf([append(3, 1), append(9, 1), append(5, 3)], {
        _tag: 'Committed',
        left: [[1, conflict]],
        known: 9,
        commitMs: 1
      })
    ).toEqual(E.right([E.right({ revision: 3n }), E.left(conflict), E.right({ revision: 7n })]))
  })
})
