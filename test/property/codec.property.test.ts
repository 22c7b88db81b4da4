import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import { currentVersion, decodeEvent } from '../../src/domain/events/codecs.ts'
import type { EventType } from '../../src/domain/events/ledger-event.ts'
import { type Upcaster, type Upcasters, upcasters } from '../../src/domain/events/upcast.ts'
import { arbitraryEvent } from '../arbitraries/event.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'
import { arbitraryJson } from '../arbitraries/key.ts'

const types = Object.keys(upcasters) as ReadonlyArray<EventType>

/** Upcasters that do nothing but leave their number in an unknown field. */
const trail = (length: number): ReadonlyArray<Upcaster> =>
  Array.from(
    { length },
    (_, index): Upcaster =>
      (data) => ({ ...data, trail: [...((data as { trail?: Array<number> }).trail ?? []), index + 1] })
  )

const chained = (length: number): Upcasters =>
  Object.fromEntries(types.map((type) => [type, trail(length)])) as unknown as Upcasters

describe('event codecs', () => {
  it('read what was written, by way of text', () => {
    fc.assert(
      fc.property(arbitraryEvent, ({ type, data }) => {
        expect(decodeEvent(sha256)(type, currentVersion(type), JSON.parse(JSON.stringify(data)))).toEqual(
          E.right({ type, data })
        )
      }),
      { numRuns: 300 }
    )
  })
  it('read whatever a ledger decides', () => {
    fc.assert(
      fc.property(arbitraryHistory, (events) => {
        for (const { type, data } of events) {
          expect(decodeEvent(sha256)(type, currentVersion(type), JSON.parse(JSON.stringify(data)))).toEqual(
            E.right({ type, data })
          )
        }
      }),
      { numRuns: 50 }
    )
  })
  it('keep unknown fields, at any level', () => {
    fc.assert(
      fc.property(arbitraryEvent, arbitraryJson, ({ type, data }, more) => {
        const stored = { ...data, more, ...('outcome' in data ? { outcome: { ...data.outcome, more } } : {}) }
        expect(decodeEvent(sha256)(type, currentVersion(type), stored)).toEqual(E.right({ type, data: stored }))
      })
    )
  })
  it('never throw: any JSON is an event or a named fault', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...types), fc.string()),
        fc.integer({ min: 1, max: 3 }),
        arbitraryJson,
        (type, version, data) => {
          const result = decodeEvent(sha256)(type, version, data)
          if (E.isLeft(result)) expect(['CorruptStream', 'UnsupportedVersion']).toContain(result.left._tag)
        }
      )
    )
  })
  it('refuse every newer version by name', () => {
    fc.assert(
      fc.property(
        arbitraryEvent,
        fc.nat({ max: 5 }),
        fc.integer({ min: 1, max: 2 ** 31 }),
        ({ type, data }, known, more) => {
          const version = known + 1 + more
          const result = decodeEvent(sha256, chained(known))(type, version, data)
          expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'UnsupportedVersion' } })
          if (E.isLeft(result)) expect(result.left.message).toContain(`${type} of schema version ${version}`)
        }
      )
    )
  })
  it('upcast a stored version by every step after it, in order, then decode', () => {
    fc.assert(
      fc.property(arbitraryEvent, fc.nat({ max: 5 }), fc.nat(), ({ type, data }, known, any) => {
        const version = 1 + (any % (known + 1))
        const steps = Array.from({ length: known - version + 1 }, (_, index) => version + index)
        expect(decodeEvent(sha256, chained(known))(type, version, data)).toEqual(
          E.right({ type, data: steps.length === 0 ? data : { ...data, trail: steps } })
        )
      })
    )
  })
  it('leave stored texts as they are: reading and writing them again changes no character', () => {
    fc.assert(
      fc.property(arbitraryEvent, ({ data }) => {
        const text = JSON.stringify(data)
        expect(JSON.stringify(JSON.parse(text))).toBe(text)
      }),
      { numRuns: 300 }
    )
  })
})
