import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Preference } from './leader.ts'

/** The options of a connection string. Times in ms. */
export type ConnectionOptions = {
  /** Those that the client takes, as it is given them. */
  readonly forClient: string
  /** The names of those that nobody takes. */
  readonly ignored: ReadonlyArray<string>
  readonly tls: boolean
  readonly defaultDeadlineMs?: number
  readonly preference: Preference
  readonly gossipMs: number
  readonly attempts: number
  readonly intervalMs: number
}

const path = '$.connectionString'

/** What client 6.2.1 takes, as it compares the names; it complains of all else, with the whole connection string. */
const known: ReadonlySet<string> = new Set([
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'throwonappendfailure',
  'tls',
  'tlscafile',
  'usercertfile',
  'userkeyfile'
])

/** Whole numbers, and the least that each can be; -1 turns keeping alive off. */
const numbers: ReadonlyArray<readonly [name: string, least: number]> = [
  ['defaultdeadline', 1],
  ['discoveryinterval', 0],
  ['gossiptimeout', 1],
  ['keepaliveinterval', -1],
  ['keepalivetimeout', -1],
  ['maxdiscoverattempts', 1]
]

const preferences: { readonly [name: string]: Preference } = {
  leader: 'leader',
  follower: 'follower',
  random: 'random',
  readonlyreplica: 'readOnly'
}

/** As the client compares names: without case, `_` and `-`. */
const flat = (text: string): string => text.trim().toLowerCase().replace(/[_-]/g, '')

type Pair = { readonly name: string; readonly key: string; readonly value: string }

const pairsIn = (rest: string): ReadonlyArray<Pair> =>
  rest
    .split(/[?&]/)
    .slice(1)
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const at = text.indexOf('=')
      const name = at === -1 ? text : text.slice(0, at)
      return { name, key: flat(name), value: at === -1 ? '' : text.slice(at + 1).trim() }
    })

/** A name is told only where it cannot be a part of anything else. */
const told = (pairs: ReadonlyArray<Pair>): ReadonlyArray<string> =>
  pairs.map(({ name }) => (/^[a-z_-]{1,40}$/i.test(name) ? name : 'one without a proper name'))

const wrongNumber = (options: ReadonlyMap<string, string>): string | undefined =>
  numbers.find(([name, least]) => {
    const text = options.get(name)
    const number = text === undefined || !/^-?\d{1,16}$/.test(text) ? Number.NaN : Number(text)
    return text !== undefined && !(Number.isSafeInteger(number) && number >= least)
  })?.[0]

/**
 * What is done in place of the client's own defaults while a node is looked for, unless it is told otherwise: with those
 * (five seconds a node, ten rounds) a search goes on for minutes after its store was disposed of. The adapter itself
 * repeats what found no node.
 */
const defaults = { gossipS: 1, attempts: 1, intervalMs: 100 }

/** Reads the options of a connection string. No message holds any of the text: it may be a part of a password. */
export const connectionOptions = (rest: string): E.Either<StoreError, ConnectionOptions> => {
  const pairs = pairsIn(rest)
  const [taken, ignored] = [true, false].map((isTaken) => pairs.filter(({ key }) => known.has(key) === isTaken))
  // the last of a name counts
  const options = new Map(pairs.map(({ key, value }) => [key, value]))
  if (rest.includes('@') && ignored?.length !== 0) {
    return E.left(
      invalidInput('an option in the connection string is unknown, or the credentials are not URL-encoded', path)
    )
  }
  if (!['true', 'false', undefined].includes(options.get('tls'))) {
    return E.left(invalidInput('tls must be true or false in the connection string', path))
  }
  const wrong = wrongNumber(options)
  if (wrong !== undefined) {
    return E.left(invalidInput(`the option ${wrong} of the connection string is no whole number that it can be`, path))
  }
  const preference = preferences[flat(options.get('nodepreference') ?? 'leader')]
  if (preference === undefined) {
    return E.left(invalidInput('nodePreference must be leader, follower, random or read_only_replica', path))
  }
  const numberOf = (name: string): number | undefined => {
    const text = options.get(name)
    return text === undefined ? undefined : Number(text)
  }
  const deadline = numberOf('defaultdeadline')
  // the client would take an "@" in an option for the end of credentials
  const query = (taken ?? []).map(({ name, value }) => `${name}=${value.replaceAll('@', '%40')}`).join('&')
  return E.right({
    forClient: query === '' ? '' : `?${query}`,
    ignored: told(ignored ?? []),
    tls: options.get('tls') !== 'false',
    ...(deadline !== undefined && { defaultDeadlineMs: deadline }),
    preference,
    gossipMs: (numberOf('gossiptimeout') ?? defaults.gossipS) * 1000,
    attempts: numberOf('maxdiscoverattempts') ?? defaults.attempts,
    intervalMs: numberOf('discoveryinterval') ?? defaults.intervalMs
  })
}
