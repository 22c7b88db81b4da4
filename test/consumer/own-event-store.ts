// The decider, run in an event store of one's own: no cast anywhere.
import {
  apply,
  type CommandInput,
  claimHash,
  decide,
  decider,
  defaultPolicy,
  extendPast,
  fold,
  type LedgerEvent,
  noPast,
  type Policy,
  recordId,
  type State
} from 'keyfold'

type StoredEvent = LedgerEvent & { readonly id: string }

const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

const reserve = (claimId: string, atMs: number) =>
  ({
    _tag: 'Reserve',
    atMs,
    recordId: recordId(tenant, 'charge', 'order-1'),
    tenant,
    operation: 'charge',
    key: 'order-1',
    owner: 'web-1',
    requestFingerprint: 'amount=10',
    lease: 30_000,
    claimId,
    claimHash: claimHash(claimId),
    policy: { ...defaultPolicy, clockSkewMs: 500 }
  }) as const

/** Any decider, as those who have their own runner type it. */
type Decider<C, S, D, E> = {
  readonly decide: (command: C, state: S) => D
  readonly evolve: (state: S, event: E) => S
  readonly initialState: S
}

const any: Decider<CommandInput, State, unknown, LedgerEvent> = decider

export const run = (): unknown => {
  const stream: Array<StoredEvent> = []
  const ask = <C extends CommandInput>(command: C) => {
    const decision = decider.decide(command, fold(stream), extendPast(noPast, stream))
    if (decision._tag === 'Refused') return decision.failure
    for (const event of decision.events) stream.push({ ...event, id: `event-${stream.length}` })
    return decision.answer
  }
  const first = ask(reserve('claim-1', 1000))
  const second = ask(reserve('claim-2', 2000))
  const done = ask({
    _tag: 'Complete',
    atMs: 3000,
    holder: { epoch: 1, claimHash: claimHash('claim-1') },
    outcome: { outcomeKind: 'charged', completedAtMs: 3000, details: { amount: 10 } }
  })
  const refused = ask({ _tag: 'Expire', atMs: -1, policy: defaultPolicy })
  // what comes back is branded: it was checked
  const policy: Policy = defaultPolicy
  const alone = decide(reserve('claim-1', 1000), decider.initialState)
  const state = alone._tag === 'Decided' ? alone.events.reduce(apply, any.initialState) : undefined
  // @ts-expect-error the tag decides which answers there are
  const answers: 'Gone' | undefined = '_tag' in done ? done._tag : undefined
  // @ts-expect-error a command has a time
  decide({ _tag: 'CompleteByKey', outcome: { outcomeKind: 'x', completedAtMs: 1, details: null } }, any.initialState)
  return [
    first._tag,
    second._tag,
    answers,
    refused._tag,
    refused._tag === 'InvalidInput' && refused.path,
    stream.map(({ type }) => type),
    stream.reduce(decider.evolve, decider.initialState)._tag,
    state?._tag,
    policy.takeover
  ]
}
