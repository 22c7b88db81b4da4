import { createHash } from 'node:crypto'
import { type Answer, held, type Items } from './held.ts'

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

const onThrow = (error: unknown) => {
  if (error instanceof NothingHappened) return 'transient'
  return error instanceof Declined ? 'definitive' : 'ambiguous'
}

export const handle = (items: Items, effects: Effects, command: Command): Promise<Answer<Charge>> => {
  const key = JSON.stringify(['acme', command.customer, command.id])
  const downstreamKey = createHash('sha256').update(`payment.charge ${key}`).digest('hex')
  return held(
    items,
    {
      operation: 'payment.charge',
      key,
      payload: command.body,
      leaseMs: 30_000,
      retentionSeconds: 7 * 24 * 3600,
      onThrow,
      recover: () => effects.findCharge(downstreamKey)
    },
    (signal) => effects.charge(command, downstreamKey, signal)
  )
}

/** What a client is told. */
export const statusOf = (answer: Answer<Charge>): number => {
  switch (answer._tag) {
    case 'Ran':
    case 'Replayed':
      return 200
    case 'Failed':
      return 402
    case 'Conflict':
      return 422
    case 'InFlight':
    case 'InDoubt':
    case 'ClaimLost':
    case 'Unrecorded':
      return 409
    case 'Released':
      return 503
  }
}
