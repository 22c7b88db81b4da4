import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decidePlain } from '../../../src/domain/decide/decide-plain.ts'
import { decodeNewest } from '../../../src/domain/events/codecs.ts'
import { noPast } from '../../../src/domain/past.ts'
import { initialState } from '../../../src/domain/state.ts'
import * as ex from '../../arbitraries/examples.ts'
import { arbitraryPlayed } from '../../arbitraries/history.ts'

/** As a caller without types would: what is no command at all, too. */
const asked = (command: unknown) => decidePlain(command as never, initialState, noPast)

const byOperator = { atMs: 1200, note: 'stuck' }

const commands = [
  ex.reserve(),
  ex.complete(),
  ex.completeByKey(),
  ex.release(),
  ex.renew(),
  ex.expire(),
  { _tag: 'ExpireByOperator', ...byOperator },
  { _tag: 'CompleteByOperator', ...byOperator, outcome: ex.outcome() },
  ex.importing()
] as const

const cycle: Array<unknown> = []
cycle.push(cycle)

describe('a command that somebody wrote down', () => {
  it('is decided as the ledger decides it, whatever the key has been through', () => {
    fc.assert(
      fc.property(arbitraryPlayed, ({ steps }) => {
        for (const { command, decision, before } of steps) {
          if ('holder' in command && command.holder.epoch < 0) continue
          expect(decidePlain(command, before.state, before)).toEqual(decision)
        }
      }),
      { numRuns: 40 }
    )
  })
  it.each(commands)('is told from none by its time: $_tag', (command) => {
    for (const atMs of [Number.NaN, -1, 1.5, 2 ** 53, '1200', undefined, null]) {
      expect(asked({ ...command, atMs })).toMatchObject({
        _tag: 'Refused',
        failure: { _tag: 'InvalidInput', path: '$.atMs' }
      })
    }
  })
  it.each([
    ['a record id of no form', ex.reserve({ recordId: 'order-1' }), '$.recordId'],
    ['a claim in place of its hash', ex.reserve({ claimHash: 'claim-2' }), '$.claimHash'],
    ['a lease of half a millisecond', ex.reserve({ lease: 0.5 }), '$.lease'],
    [
      'a policy that there is not',
      ex.reserve({ policy: { ...ex.policy, takeover: 'never' as 'allow' } }),
      '$.policy.takeover'
    ],
    ['a lone surrogate in a key', ex.reserve({ key: '\ud800' }), '$.key'],
    ['a lone surrogate in a tenant', ex.reserve({ tenant: { ...ex.tenant, orgId: '\ud800' } }), '$.tenant.orgId'],
    [
      'an outcome without details',
      { ...ex.completeByKey(), outcome: { outcomeKind: 'x', completedAtMs: 1 } },
      '$.outcome.details'
    ],
    [
      'details that are no JSON',
      ex.complete({ outcome: { ...ex.outcome(), details: 1n as never } }),
      '$.outcome.details'
    ],
    [
      'details that lead back',
      ex.complete({ outcome: { ...ex.outcome(), details: cycle as never } }),
      '$.outcome.details[0]'
    ],
    ['an epoch that cannot be counted', ex.renew({ holder: { ...ex.holder, epoch: 2 ** 53 } }), '$.holder.epoch'],
    [
      'a record without an owner',
      { ...ex.importing(), record: { ...ex.importing().record, owner: undefined } },
      '$.record.owner'
    ],
    [
      'a record with what is no JSON beside it',
      { ...ex.importing(), record: { ...ex.importing().record, more: cycle } },
      '$.record.more[0]'
    ],
    ['a note that is none', ex.release({ note: 7 as never }), '$.note']
  ])('is refused by the path of its fault: %s', (_, command, path) => {
    expect(asked(command)).toMatchObject({ _tag: 'Refused', failure: { _tag: 'InvalidInput', path } })
  })
  it.each([undefined, null, 7, 'Reserve', [], {}, { _tag: 'Forget' }, { _tag: 'toString' }, { _tag: ['Reserve'] }])(
    'is refused where it is none: %j',
    (command) => {
      expect(asked(command)).toMatchObject({ _tag: 'Refused', failure: { _tag: 'InvalidInput', path: '$._tag' } })
    }
  )
  it('may leave optional fields undefined, at every level', () => {
    const { record } = ex.importing()
    const command = {
      ...ex.importing(),
      record: {
        ...record,
        expiresAtMs: undefined,
        tenant: { ...record.tenant, actorId: undefined },
        outcome: { ...ex.outcome(), primaryRefId: undefined }
      }
    }
    expect(asked(command)).toMatchObject({ _tag: 'Decided', answer: { _tag: 'Imported' } })
  })
  it('comes to events that can be stored and read again, or to none', () => {
    const odd = [Number.NaN, -1, 0, '', '\udfff', null, [], {}, 1n, () => 0, Symbol('s'), cycle, undefined]
    for (const command of commands) {
      for (const name of Object.keys(command)) {
        for (const value of odd) {
          const decision = asked({ ...command, [name]: value })
          for (const { type, data } of decision._tag === 'Decided' ? decision.events : []) {
            expect(decodeNewest(type, JSON.parse(JSON.stringify(data)))._tag, `${command._tag}.${name}`).toBe('Right')
          }
        }
      }
    }
  })
})

describe('a command that is more than plain data', () => {
  class Mine {
    get orgId() {
      return 'o'
    }
    get workspaceId() {
      return 'w'
    }
    get source() {
      return 'explicit' as const
    }
  }
  const command = ex.reserve()
  it('is judged by its own members, which alone will be stored', () => {
    expect(decidePlain({ ...command, tenant: new Mine() }, initialState)).toMatchObject({
      _tag: 'Refused',
      failure: { _tag: 'InvalidInput', path: '$.tenant.orgId' }
    })
    expect(decidePlain(Object.create(command), initialState)).toMatchObject({ failure: { path: '$._tag' } })
  })
  it('is read once: a member that changes its answer changes nothing that was decided', () => {
    let asked = 0
    const changing = Object.defineProperty({ ...command }, 'atMs', {
      enumerable: true,
      get: () => (asked++ === 0 ? command.atMs : Number.NaN)
    })
    expect(decidePlain(changing, initialState)).toMatchObject({ events: [{ data: { atMs: command.atMs } }] })
  })
  it.each([
    [
      'throws',
      Object.defineProperty({ ...command }, 'key', {
        enumerable: true,
        get: () => {
          throw new Error('no')
        }
      })
    ],
    [
      'is revoked',
      (() => {
        const { proxy, revoke } = Proxy.revocable({ ...command }, {})
        revoke()
        return proxy
      })()
    ],
    ['is a function', { ...command, key: () => 'k' } as never]
  ])('is refused where it %s', (_, given) => {
    expect(decidePlain(given, initialState)).toMatchObject({ _tag: 'Refused', failure: { _tag: 'InvalidInput' } })
  })
})
