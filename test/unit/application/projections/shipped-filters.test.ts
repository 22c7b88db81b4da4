import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { conflictsBy } from '../../../../src/application/projections/shipped/conflicts.ts'
import { ratesOf } from '../../../../src/application/projections/shipped/event-rates.ts'
import { listed } from '../../../../src/application/projections/shipped/key-index.ts'
import { keyPage } from '../../../../src/application/projections/shipped/key-page.ts'
import { stuckAt } from '../../../../src/application/projections/shipped/stuck-keys.ts'
import { defaultLimits } from '../../../../src/application/settings.ts'
import { defaultPolicy } from '../../../../src/domain/commands.ts'

const settings = { limits: defaultLimits, policy: defaultPolicy, clock: () => 0 }

/** What a view is asked by, each with a member that is nearly one of its own. */
const filters: ReadonlyArray<[name: string, parse: (filter: never) => E.Either<unknown, unknown>, slip: string]> = [
  ['keyPage', keyPage, 'owners'],
  ['ratesOf', ratesOf, 'bucket'],
  ['conflictsBy', (filter) => conflictsBy(settings, filter), 'fromMs'],
  ['listed', (filter) => listed(settings, filter), 'state'],
  ['stuckAt', (filter) => stuckAt(settings, filter), 'now']
]

describe.each(filters)('what is asked of a view by %s', (_, parse, slip) => {
  const pathOf = (filter: unknown) => {
    const parsed = parse(filter as never)
    return E.isLeft(parsed) ? parsed.left : 'taken'
  }

  it('is taken where it says nothing', () => {
    expect(pathOf({})).toBe('taken')
  })

  it.each([null, 'acme', 7])('is refused where it is no object: %j', (filter) => {
    expect(pathOf(filter)).toMatchObject({ _tag: 'InvalidInput', path: '$' })
  })

  it('is refused by the name that it does not know', () => {
    expect(pathOf({ [slip]: 1 })).toMatchObject({ _tag: 'InvalidInput', path: `$.${slip}` })
  })

  it('is refused where it cannot be read', () => {
    const thrower = {
      get operation(): string {
        throw new Error('no')
      }
    }
    expect(pathOf(thrower)).toMatchObject({ _tag: 'InvalidInput' })
  })
})

describe('the width of the times of rates', () => {
  it('is no text, though that be one of a number', () => {
    expect(ratesOf({ bucketMs: '60000' as never })).toMatchObject({ left: { path: '$.bucketMs' } })
  })
})
