import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { openEventStoreDbStoreTaskEither } from '../../../src/eventstoredb.ts'
import { createLedger, fingerprint, KeyfoldError, once, readPredecessorFile, recordId } from '../../../src/index.ts'
import { openMemoryStoreTaskEither } from '../../../src/memory.ts'
import { openSqliteStoreTaskEither } from '../../../src/sqlite.ts'
import { asking, done, failureOf, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'

const secret = 'sk_live_4711'
const claim = { recordId: idOf('k'), epoch: 1, claimId: secret }
const operator = { ...keyOf('k'), actor: 'op', note: 'why' }

/** A good request of each use case, the fields that it reads, and what of each is allowed, in words. */
const requests = {
  reserve: [
    asking({ key: 'k' }),
    {
      tenant: 'an object with orgId and workspaceId',
      operation: 'a string',
      key: 'a string',
      owner: 'a string',
      requestFingerprint: 'a string',
      lease: "'none'",
      expiresAtMs: 'milliseconds',
      retentionMs: 'milliseconds',
      claimId: 'a string',
      firstSeenEventId: 'a string',
      nowMs: 'milliseconds',
      actor: 'a string',
      signal: 'an AbortSignal'
    }
  ],
  complete: [
    { claim, outcome: done },
    { claim: 'recordId, epoch and claimId', outcome: 'outcomeKind', retentionMs: 'milliseconds', nowMs: 'milliseconds' }
  ],
  completeByKey: [
    { ...keyOf('k'), outcome: done },
    { outcome: 'outcomeKind', key: 'a string' }
  ],
  release: [{ claim }, { claim: 'recordId, epoch and claimId', note: 'a string' }],
  renew: [
    { claim, leaseMs: 5 },
    { claim: 'recordId, epoch and claimId', leaseMs: 'milliseconds' }
  ],
  reachRecoveryPoint: [
    { claim, name: 'n' },
    { name: 'a string', claim: 'recordId, epoch and claimId' }
  ],
  markInDoubt: [{ claim }, { note: 'a string' }],
  expire: [{ recordId: idOf('k') }, { recordId: '64 small hex digits' }],
  expireByOperator: [operator, { actor: 'a string', note: 'a string' }],
  completeByOperator: [{ ...operator, outcome: done }, { outcome: 'outcomeKind' }],
  completeAll: [
    { claims: [claim], outcome: done },
    { claims: 'a list of claims', outcome: 'outcomeKind' }
  ],
  releaseAll: [{ claims: [claim] }, { claims: 'a list of claims' }],
  get: [keyOf('k'), { tenant: 'orgId', key: 'a string' }],
  history: [keyOf('k'), { tenant: 'orgId', operation: 'a string' }],
  awaitOutcome: [keyOf('k'), { waitMs: 'milliseconds', signal: 'an AbortSignal' }],
  list: [{}, { orgId: 'a string', status: 'reserved, completed or conflicted', seenFromMs: 'milliseconds' }],
  stuck: [{}, { operation: 'a string', nowMs: 'milliseconds' }],
  conflicts: [{}, { fromMs: 'milliseconds', onForeign: 'a function' }],
  stats: [{}, { bucketMs: 'milliseconds', onUnreadable: 'a function' }],
  events: [{ onEvents: () => {} }, { onEvents: 'a function', untilMs: 'milliseconds' }],
  sweep: [{}, { maxKeys: 'a whole number from 1 on', batchSize: 'a whole number', dryRun: 'true or false' }],
  verify: [{}, { parallel: 'from 1 to 64', after: 'a string', toleranceMs: 'milliseconds' }],
  whatIf: [{}, { lease: "'none'", policy: 'an object', retentionMs: 'milliseconds' }],
  asOf: [{ ...keyOf('k'), at: { revision: 0 } }, { at: '{ timeMs } or { revision }' }],
  diff: [
    { ...keyOf('k'), from: { revision: 0 }, to: { revision: 0 } },
    { from: '{ timeMs }', to: '{ revision }' }
  ],
  explain: [
    { ...asking(), at: { revision: 0 } },
    { at: '{ timeMs } or { revision }', lease: "'none'" }
  ]
} as const

type Name = keyof typeof requests

const wrong = [Symbol('s'), true] as const

const fieldsOf = (name: Name) =>
  Object.entries<string>(requests[name][1]).flatMap(([field, allowed]) =>
    wrong
      .filter((value) => !(field === 'dryRun' && value === true))
      .map((value) => [name, field, value, allowed] as const)
  )

/** An option of what is opened or made, given wrongly: what gives its failure. */
const made: ReadonlyArray<readonly [string, () => Promise<unknown>, RegExp]> = [
  ['ledger', async () => createLedger({ store: 7 as never }), /^\$\.store must be an event store, got 7$/],
  ['ledger', ledgerWith({ recording: 'recrod' }), /^\$\.recording must be record, coalesce or ignore, got 'recrod'$/],
  ['ledger', ledgerWith({ deadlineMS: 5 }), /^\$\.deadlineMS is not known; did you mean deadlineMs\?$/],
  [
    'policy',
    ledgerWith({ policy: { takeOver: 'allow' } }),
    /^\$\.policy\.takeOver is not known; did you mean takeover\?/
  ],
  [
    'limits',
    ledgerWith({ limits: { fieldbytes: 5 } }),
    /^\$\.limits\.fieldbytes is not known; did you mean fieldBytes/
  ],
  [
    'sqlite',
    () => leftOf(openSqliteStoreTaskEither({ file: 7 as never })),
    /file must be the name of a file.*, got 7$/
  ],
  [
    'sqlite',
    () => leftOf(openSqliteStoreTaskEither({ file: 'x.db', busyTimeout: 5 } as never)),
    /busyTimeout is not known; did you mean busyTimeoutMs/
  ],
  [
    'eventstoredb',
    () => leftOf(openEventStoreDbStoreTaskEither({ connectionString: 'esdb://h', deadline: 5 } as never)),
    /deadline is not known; did you mean deadlineMs/
  ],
  ['memory', () => leftOf(openMemoryStoreTaskEither({ clock: 5 } as never)), /clock is not known; there are log, now/],
  ['recordId', async () => recordId(undefined as never, 'o', 'k'), /^\$\.tenant must be an object.*, got undefined$/],
  ['fingerprint', async () => fingerprint([7 as never]), /^\$\.parts\[0\] must be a string.*Uint8Array, got 7$/],
  [
    'subscribe',
    subscribingTo({ tenant: { orgId: 'o', workspaceId: 'w', deploymentID: 'd' } }),
    /^\$\.tenant\.deploymentID is not known; did you mean deploymentId\?$/
  ],
  [
    'reserveAll',
    () => scriptedLedger().ledger.reserveAll([{ ...asking(), lease: 0 }]),
    /^request 0: \$\.lease must be a whole number of milliseconds from 1 to .* each has a lease, got 0$/
  ],
  [
    'readPredecessorFile',
    () => readPredecessorFile([], { onprogress: () => {} } as never),
    /^\$\.onprogress is not known; did you mean onProgress\?$/
  ],
  ['once', onceWith({ lease: 0 }), /^\$\.lease must be longer than the clock skew of 0 ms, got 0$/],
  ['once', onceWith({ maxDuration: 5 }), /^\$\.maxDuration is not known; did you mean maxDurationMs\?$/],
  [
    'once',
    onceWith({ onThrow: 'transeint' }),
    /^\$\.onThrow must be definitive, transient or ambiguous, got 'transeint'$/
  ]
]

function ledgerWith(over: object): () => Promise<unknown> {
  return async () => {
    const { store } = scriptedLedger()
    return createLedger({ store, ...over })
  }
}

function subscribingTo(options: object): () => Promise<unknown> {
  return () => scriptedLedger().ledger.subscribe(options)[Symbol.asyncIterator]().next()
}

function onceWith(over: object): () => Promise<unknown> {
  const { owner, requestFingerprint } = asking()
  return () => {
    const options = { ...keyOf('k'), owner, requestFingerprint, lease: 1000, onThrow: 'transient' as const, ...over }
    return once(scriptedLedger().ledger, options)(async () => 1)
  }
}

const leftOf = async (opening: () => Promise<E.Either<{ readonly message: string }, unknown>>): Promise<never> => {
  const opened = await opening()
  if (E.isLeft(opened)) throw new KeyfoldError(opened.left as never)
  return expect.unreachable('it was opened')
}

describe('a field that is wrong', () => {
  it.each((Object.keys(requests) as ReadonlyArray<Name>).flatMap(fieldsOf))(
    'is told by its path, what is allowed, and what was got: %s, %s, %o',
    async (name, field, value, allowed) => {
      const { ledger } = scriptedLedger()
      const { message, path } = await failureOf(ledger[name]({ ...requests[name][0], [field]: value } as never))
      expect(path).toMatch(new RegExp(`^\\$\\.${field}`))
      expect(message).toContain(allowed)
      expect(message).toMatch(typeof value === 'symbol' ? /, got a symbol/ : /, got true/)
      expect(message.length).toBeLessThan(300)
    }
  )
  it.each([
    ['reserve', { ...asking(), retentionMS: 5 }, 'retentionMs'],
    ['reserve', { ...asking(), tenant: { orgId: 'o', workspaceId: 'w', deploymentID: 'd' } }, 'deploymentId'],
    ['complete', { claim, outcome: { outcomeKind: 'x', detials: 1 } }, 'details'],
    ['list', { orgID: 'o' }, 'orgId'],
    ['sweep', { dryrun: true }, 'dryRun'],
    ['awaitOutcome', { ...keyOf('k'), wait: 5 }, 'waitMs']
  ] as const)('that is misspelt is named, with the nearest one: %s, %o', async (name, request, near) => {
    const { ledger, store } = scriptedLedger()
    const { message } = await failureOf(ledger[name](request as never))
    expect(message).toMatch(new RegExp(`is not known; did you mean ${near}\\?`))
    expect([...store.appends, ...store.reads]).toEqual([])
  })
  it('shows no text of its caller’s: it may be a key, or a secret', async () => {
    const { ledger } = scriptedLedger()
    for (const request of [
      asking({ lease: secret as never }),
      { ...asking(), tenant: secret },
      { ...asking(), tenant: { orgId: 'o', workspaceId: 'w', source: secret.repeat(2) } },
      { ...asking(), nowMs: secret }
    ]) {
      expect((await failureOf(ledger.reserve(request as never))).message).not.toContain(secret)
    }
  })
})

describe('an option that is wrong', () => {
  it.each(made)('is told by its path, what is allowed, and what was got: %s %#', async (_, run, message) => {
    await expect(run()).rejects.toThrow(message)
  })
})
