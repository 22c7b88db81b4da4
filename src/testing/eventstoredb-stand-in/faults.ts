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

type Script = { readonly fault: ScriptedFault; left: number }

const fits = ({ rpc, for: isMeant }: ScriptedFault, call: Call): boolean => {
  const named = rpc === undefined || (typeof rpc === 'string' ? rpc === call.rpc : rpc.includes(call.rpc))
  return named && (isMeant === undefined || isMeant(call))
}

const momentOf = ({ when = 'before' }: Fault): string => (typeof when === 'string' ? when : `after ${when.events}`)

const noFault: Plan = []

/** The faults of one node. A call takes at most one scripted fault for each moment, the earliest scripted first. */
export const faultScripts = (): { readonly faults: Faults; readonly plan: (call: Call) => Plan } => {
  let scripts: Script[] = []
  let decide: (call: Call) => Fault | undefined = () => undefined

  const plan = (call: Call): Plan => {
    if (scripts.length > 0) {
      const taken = new Map<string, Fault>()
      for (const script of scripts) {
        if (taken.has(momentOf(script.fault)) || !fits(script.fault, call)) continue
        taken.set(momentOf(script.fault), script.fault)
        script.left--
      }
      scripts = scripts.filter(({ left }) => left > 0)
      if (taken.size > 0) return [...taken.values()]
    }
    const fault = decide(call)
    return fault === undefined ? noFault : [fault]
  }

  return {
    plan,
    faults: {
      next: (fault) => void scripts.push({ fault, left: fault.times ?? 1 }),
      always: (decider) => {
        decide = decider
      },
      outstanding: () => scripts.reduce((sum, { left }) => sum + left, 0),
      clear: () => {
        scripts = []
        decide = () => undefined
      }
    }
  }
}
