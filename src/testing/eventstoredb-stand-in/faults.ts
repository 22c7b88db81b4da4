import type { Call, Rpc } from './calls.ts'

/** An error as the server reports it; the reference lists what the client makes of each. */
export type ServerError =
  | 'timeout'
  | 'slowConsumer'
  | 'notReady'
  | 'tooBusy'
  | 'notLeader'
  | 'noLeader'
  | 'accessDenied'
  | 'unauthenticated'
  | 'streamDeleted'
  | 'maxAppendSize'
  | 'maxEventSize'
  | 'invalidTransaction'
  | 'missingMetadata'
  | 'deadline'
  | 'cancelled'
  | 'unavailable'
  | 'unimplemented'
  | 'internal'
  | 'unknown'

/**
 * `drop` destroys the connection with every call on it; `freeze` leaves it half open: it stands, but nothing passes any
 * more, for none of its calls; `hang` never answers this one call; a delay goes on afterwards, unless the client has
 * given up by then.
 */
export type FaultAction =
  | 'drop'
  | 'freeze'
  | 'hang'
  | {
      /** How long to wait first, ms. */
      readonly delayMs: number
    }
  | {
      /** What the server answers. */
      readonly error: ServerError
    }

/**
 * `before` anything is done (the default); `after` the commit and before the answer, after the last event of a read,
 * or when a subscription has caught up; or after so many events of a read or subscription.
 */
export type FaultMoment =
  | 'before'
  | 'after'
  | {
      /** How many events have been sent. */
      readonly events: number
    }

/** What goes wrong with a call, and when. */
export type Fault = {
  /** `before` where it is left out. */
  readonly when?: FaultMoment
  /** What goes wrong. */
  readonly do: FaultAction
}

/** A fault for the next call that fits, or the next `times` calls. Without `rpc` and `for` every call fits. */
export type ScriptedFault = Fault & {
  /** The kinds of calls that it is for; all where it is left out. */
  readonly rpc?: Rpc | ReadonlyArray<Rpc>
  /** Whether a call is one that it is for. */
  readonly for?: (call: Call) => boolean
  /** How many calls it strikes: 1 where it is left out. */
  readonly times?: number
}

/** The faults of one node. */
export type Faults = {
  /** Scripts a fault for the next call that fits. */
  readonly next: (fault: ScriptedFault) => void
  /** Asked once for each call that no scripted fault is for; the caller brings the randomness. */
  readonly always: (decide: (call: Call) => Fault | undefined) => void
  /** How often scripted faults have yet to strike. */
  readonly outstanding: () => number
  /** Forgets every fault. */
  readonly clear: () => void
}

/** What a call has to expect. */
export type Plan = ReadonlyArray<Fault>

export const faultAt = (plan: Plan, moment: 'before' | 'after'): Fault | undefined =>
  plan.find(({ when = 'before' }) => when === moment)

export const faultAfterEvents = (plan: Plan, events: number): Fault | undefined =>
  plan.find(({ when }) => typeof when === 'object' && when.events === events)
