// What only one kind of failure tells is there once its tag was looked at, thrown or not.
import { type Claim, createLedger, type Failure, type FailureTag, KeyfoldError } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'

const claimIn = (failure: Failure): Claim | undefined => {
  switch (failure._tag) {
    case 'AppendUnknown':
      return failure.claim
    case 'LimitExceeded':
      return failure.size === failure.limit ? undefined : undefined
    default:
      // @ts-expect-error no other failure has a claim
      return failure.claim
  }
}

// @ts-expect-error its tag was not looked at
export const tooSoon = (failure: Failure): Claim | undefined => failure.claim

const thrown = (cause: unknown): Claim | undefined => {
  if (!(cause instanceof KeyfoldError)) return undefined
  const { message, tag }: { readonly message: string; readonly tag: FailureTag } = cause
  if (cause.tag !== 'AppendUnknown') {
    const none: undefined = cause.claim
    return message === tag ? none : undefined
  }
  const failure: Extract<Failure, { readonly _tag: 'AppendUnknown' }> = cause.failure
  return cause.claim ?? failure.claim
}

/** Every tag, and nothing else: a tag more or less does not compile. */
const advice: { readonly [T in Failure['_tag']]: string } & { readonly [T in FailureTag]: string } = {
  InvalidInput: 'mend it',
  LimitExceeded: 'store less',
  Overloaded: 'later',
  UnknownClaim: 'mend it',
  Contended: 'again',
  AppendUnknown: 'reserve again with its claim',
  StoreBusy: 'later',
  StoreFull: 'make room',
  StoreReadOnly: 'mend it',
  StoreUnavailable: 'later',
  StoreTimeout: 'again',
  AccessDenied: 'mend it',
  NotAStore: 'mend it',
  UnsupportedVersion: 'upgrade',
  CorruptStream: 'look',
  ImportRefused: 'mend it',
  Aborted: 'nothing'
}

export const run = async (): Promise<unknown> => {
  const real = await openMemoryStore()
  // a store that loses every answer, made by spread as anybody would
  const store = {
    ...real,
    append: () => async () =>
      ({
        _tag: 'Left',
        left: { _tag: 'OutcomeUnknown', error: { _tag: 'StoreTimeout', message: 'silence' } }
      }) as const
  }
  const ledger = createLedger({ store, deadlineMs: 50 })
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  const request = { tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f', lease: 1000 }
  const claimId = 'my-own-claim'
  const told = await ledger.taskEither.reserve({ ...request, claimId })()
  const caught = await ledger.reserve({ ...request, claimId }).then(
    () => undefined,
    (cause: unknown) => thrown(cause)
  )
  const blank = await ledger.taskEither.reserve({ ...request, key: ' ' })()
  await ledger.dispose()
  return [
    told._tag === 'Left' && advice[told.left._tag],
    told._tag === 'Left' && claimIn(told.left)?.claimId,
    caught?.claimId,
    blank._tag === 'Left' && [blank.left._tag, claimIn(blank.left)]
  ]
}
