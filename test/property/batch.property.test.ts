import { Readable } from 'node:stream'
import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { expect, it } from 'vitest'
import { alwaysCurrent } from '../../src/adapters/common/always-current.ts'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { cliTools } from '../../src/composition/cli-tools.ts'
import { recordId } from '../../src/composition/hashing.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { runBatch } from '../../src/interfaces/cli/batch/run-batch.ts'
import { answerLine } from '../support/answer-line.ts'
import { sink } from '../support/cli.ts'
import { seededChance } from '../support/seeded-chance.ts'

const tenant = { org_id: 'o', workspace_id: 'w' }
const keys = ['k1', 'k2', 'k3']
const idOf = (key: string): string => recordId({ orgId: 'o', workspaceId: 'w' }, 'op', key)

const anyKey = fc.constantFrom(...keys)
/** The same keys, as they may be written. */
const written = fc.constantFrom(...keys, ' k1', 'k2\t', '\u00a0k3 ').map((key) => ({ tenant, operation: 'op', key }))
const now_ms = fc.nat(300)
const claim_id = fc.constantFrom('a', 'b', 'c')
const claim = fc.record({ record_id: anyKey.map(idOf), epoch: fc.integer({ min: 1, max: 3 }), claim_id })
const outcome = fc.record({ outcome_kind: fc.constantFrom('done', 'failed'), details: fc.constantFrom(null, { a: 1 }) })

const asked = (op: string, fields: { readonly [name: string]: fc.Arbitrary<unknown> }, key?: typeof written) =>
  fc
    .tuple(key ?? fc.constant({}), fc.record(fields))
    .map(([its, others]) => JSON.stringify({ op, ...Object(its), ...others }))

const line = fc.oneof(
  {
    weight: 4,
    arbitrary: asked(
      'reserve',
      {
        owner: fc.constant('me'),
        request_fingerprint: fc.constantFrom('f', 'f', 'f', 'g'),
        lease_ms: fc.constantFrom(null, 20, 100),
        retention_ms: fc.constantFrom(null, 50),
        claim_id,
        now_ms
      },
      written
    )
  },
  { weight: 2, arbitrary: asked('complete', { claim, outcome, now_ms }) },
  asked('complete', { outcome, now_ms }, written),
  asked('release', { claim, now_ms }),
  asked('renew', { claim, lease_ms: fc.constantFrom(10, 200), now_ms }),
  asked('recovery_point', { claim, name: fc.constantFrom('x', 'y'), data: fc.constantFrom(1, null), now_ms }),
  asked('mark_in_doubt', { claim, now_ms }),
  { weight: 2, arbitrary: asked('get', {}, written) },
  asked('history', { limit: fc.constantFrom(2, null) }, written),
  asked('list', { status: fc.constantFrom(null, 'completed'), limit: fc.constantFrom(1, null) }),
  asked('record_id', {}, written),
  asked('fingerprint', { parts: fc.constantFrom([], ['a']) }),
  fc.constantFrom(
    'no JSON',
    '',
    '{"op":"get","key":7}',
    '{"op":"reserve","tenant":null}',
    '{"op":"release","claim":{"record_id":7}}'
  )
)

/** What only the store or chance says of an event. */
const byStore = ['event_id', 'position', 'recorded_at_ms', 'hash', 'previous_hash']

const comparable = (answer: string): unknown =>
  JSON.parse(answer, (name, value) => (byStore.includes(name) ? undefined : value))

/** A store of which every call takes a while, some longer than others, before it acts and after it did. */
const unruly = (store: EventStore, seed: number): EventStore => {
  const chance = seededChance(seed)
  const aWhile = async (): Promise<void> => {
    for (let turns = Math.floor(chance.fraction() * 200); turns > 0; turns--) await undefined
  }
  const slow =
    <Args extends ReadonlyArray<unknown>, L, A>(call: (...args: Args) => TaskEither<L, A>) =>
    (...args: Args): TaskEither<L, A> =>
    async () => {
      await aWhile()
      const result = await call(...args)()
      await aWhile()
      return result
    }
  const slowed = { append: slow(store.append), readStream: slow(store.readStream), readAll: slow(store.readAll) }
  return alwaysCurrent({ ...store, ...slowed }, new AbortController().signal)
}

const oneByOne = async (script: ReadonlyArray<string>): Promise<ReadonlyArray<unknown>> => {
  const answer = answerLine(cliTools, createLedger({ store: memoryStore() }).taskEither)
  const answers: Array<unknown> = []
  for (const each of script) answers.push(comparable(JSON.stringify(await answer(Buffer.from(each)))))
  return answers
}

const together = async (script: ReadonlyArray<string>, seed: number): Promise<ReadonlyArray<unknown>> => {
  const { taskEither } = createLedger({ store: unruly(memoryStore(), seed) })
  const { output, text } = sink()
  const stdin = Readable.from([Buffer.from(script.map((each) => `${each}\n`).join(''))])
  const ended = await runBatch({ ...cliTools, stdin, stdout: output }, taskEither, new AbortController().signal)()
  expect(ended).toEqual(E.right(undefined))
  return text().split('\n').slice(0, -1).map(comparable)
}

it('batch answers lines that it works at together as it answers them one by one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 20, maxLength: 50, size: 'max' }),
      fc.nat(1_000_000),
      async (script, seed) => {
        expect(await together(script, seed)).toEqual(await oneByOne(script))
      }
    ),
    { numRuns: 100 }
  )
})
