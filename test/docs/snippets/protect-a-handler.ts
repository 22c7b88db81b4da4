import { type Ledger, type OnceAnswer, once, type ThrowPolicy } from 'keyfold'

type Command = { readonly id: string; readonly customer: string; readonly body: string }
type Charge = { readonly chargeId: string }
type Effects = {
  /** Does the work, under a key that is the same however often it is tried. */
  readonly charge: (command: Command, downstreamKey: string, signal: AbortSignal) => Promise<Charge>
  /** Asks the outside whether the work was done by somebody who did not live to say so. */
  readonly findCharge: (downstreamKey: string) => Promise<Charge | undefined>
}

export class NothingHappened extends Error {}
export class Declined extends Error {}

const onThrow: ThrowPolicy<unknown> = (error) => {
  if (error instanceof NothingHappened) return 'transient'
  return error instanceof Declined ? 'definitive' : 'ambiguous'
}

export const handle = (ledger: Ledger, effects: Effects, command: Command): Promise<OnceAnswer<Charge>> =>
  once(ledger, {
    tenant: { orgId: 'acme', workspaceId: command.customer },
    operation: 'payment.charge',
    key: command.id,
    owner: 'payments-worker',
    requestFingerprint: [command.body],
    lease: 30_000,
    retentionMs: 7 * 24 * 3_600_000,
    onThrow,
    recover: async (_previous, { downstreamKey }) => {
      const outcome = await effects.findCharge(downstreamKey('charge'))
      return outcome === undefined ? 'notFound' : { outcome }
    }
  })(({ downstreamKey, signal }) => effects.charge(command, downstreamKey('charge'), signal))

/** What a client is told. */
export const statusOf = (answer: OnceAnswer<Charge>): number => {
  switch (answer._tag) {
    case 'Ran':
    case 'Replayed':
      return 200
    case 'Failed':
    case 'ReplayedFailure':
      return 402
    case 'Conflict':
      return 422
    case 'Gone':
      return 410
    case 'InFlight':
    case 'InDoubt':
    case 'ClaimLost':
      return 409
    case 'Released':
    case 'LeftToLapse':
      return 503
    case 'Unrecorded':
      // it ran: try to store that again, and let the caller ask again either way
      void answer.retryComplete()
      return 409
  }
}
