import { defaultLimits } from '../application/requests/limits.ts'
import { type Failure, invalidInput } from '../domain/failure.ts'
import { isCategory } from '../domain/identity.ts'
import { Millis } from '../domain/instant.ts'
import { quoted } from '../domain/text.ts'
import { categoryWanted } from './category.ts'
import { isIdentitySecret, secretWanted } from './identity.ts'

type Fields = { readonly [name: string]: unknown }
type Rule = { readonly path: string; readonly holds: boolean; readonly message: string }

/** Deeper details could not be compared any more: canonical JSON goes 1,000 levels down, outcome and all. */
const deepest = 999

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

const isFunction = (value: unknown): boolean => typeof value === 'function'

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'

const isCount = (value: unknown): boolean => Millis.is(value)

/** What is left out holds; so does what the rule says of the rest. */
const optional = (value: unknown, holds: (value: unknown) => boolean): boolean => value === undefined || holds(value)

/** Something with these functions, be they its own or its prototype's. */
const offers =
  (...names: ReadonlyArray<string>) =>
  (value: unknown): boolean =>
    isFields(value) && names.every((name) => isFunction(value[name]))

const oneOf =
  (...values: ReadonlyArray<string>) =>
  (value: unknown): boolean =>
    values.some((allowed) => allowed === value)

const length = 'must be a whole number of milliseconds from 0 to 2^53 - 1'

const rule = (path: string, holds: boolean, wanted: string): Rule => ({ path, holds, message: `${path} ${wanted}` })

const limitRules = (limits: Fields): ReadonlyArray<Rule> =>
  Object.entries(limits).flatMap(([name, value]) => {
    const path = `$.limits.${quoted(name)}`
    const tooDeep = name === 'detailsDepth' && typeof value === 'number' && value > deepest
    return [
      rule(path, Object.hasOwn(defaultLimits, name), 'is no limit of keyfold'),
      rule(path, optional(value, isCount), 'must be a whole number from 0 on'),
      rule(path, !tooDeep, `can be ${deepest} at most`)
    ]
  })

const rulesFor = (options: Fields): ReadonlyArray<Rule> => {
  const { store, clock, chance, timer, category, identity, policy, recording, coalesceMs, deadlineMs, limits } = options
  const { maxAppendBytes, continuesAfterDelete } = fieldsOf(store)
  const { reuseAfterExpiry, takeover, clockSkewMs } = fieldsOf(policy)
  const isStore = offers('append', 'readStream', 'readAll', 'subscribe', 'dispose')
  const isSize = (value: unknown): boolean => isCount(value) && value !== 0
  return [
    rule('$.store', isStore(store), 'must be an event store'),
    rule('$.store.continuesAfterDelete', optional(continuesAfterDelete, isBoolean), 'must be true or false'),
    rule('$.store.maxAppendBytes', optional(maxAppendBytes, isSize), 'must be a whole number above 0'),
    rule('$.clock', optional(clock, isFunction), 'must be a function'),
    rule('$.chance', optional(chance, offers('uuid', 'fraction')), 'must have the functions uuid and fraction'),
    rule('$.timer', optional(timer, offers('monotonicMs', 'sleep')), 'must have the functions monotonicMs and sleep'),
    {
      path: '$.category',
      holds: optional(category, (name) => typeof name === 'string' && isCategory(name)),
      message: categoryWanted
    },
    rule('$.identity', optional(identity, isFields), 'must be an object'),
    rule('$.identity.secret', identity === undefined || isIdentitySecret(fieldsOf(identity)['secret']), secretWanted),
    rule('$.policy', optional(policy, isFields), 'must be an object'),
    rule('$.policy.reuseAfterExpiry', optional(reuseAfterExpiry, oneOf('allow', 'reject')), 'must be allow or reject'),
    rule('$.policy.takeover', optional(takeover, oneOf('allow', 'refuse')), 'must be allow or refuse'),
    rule('$.policy.clockSkewMs', optional(clockSkewMs, isCount), length),
    rule(
      '$.recording',
      optional(recording, oneOf('record', 'coalesce', 'ignore')),
      'must be record, coalesce or ignore'
    ),
    rule('$.coalesceMs', optional(coalesceMs, isCount), length),
    rule('$.deadlineMs', optional(deadlineMs, isCount), length),
    rule('$.limits', optional(limits, isFields), 'must be an object'),
    ...limitRules(fieldsOf(limits))
  ]
}

/** What makes no sense in the options of a ledger, whoever gave them. */
export const optionsFault = (options: unknown): Failure | undefined => {
  if (!isFields(options)) return invalidInput('$ must be the options of a ledger', '$')
  const broken = rulesFor(options).find(({ holds }) => !holds)
  return broken && invalidInput(broken.message, broken.path)
}
