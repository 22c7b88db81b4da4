import type { Call } from './calls.ts'
import { checkDecided, checkDecider, checkScripted } from './fault-rules.ts'
import type { Fault, Faults, Plan, ScriptedFault } from './faults.ts'

type Script = { readonly fault: ScriptedFault; left: number }

const fits = ({ rpc, for: isMeant }: ScriptedFault, call: Call): boolean => {
  const named = rpc === undefined || (typeof rpc === 'string' ? rpc === call.rpc : rpc.includes(call.rpc))
  return named && (isMeant === undefined || isMeant(call))
}

const momentOf = ({ when = 'before' }: Fault): string => (typeof when === 'string' ? when : `after ${when.events}`)

const noFault: Plan = []

/** What strikes where the test itself fails: the call ends, and the test's process is told why. */
const broken: Plan = [{ do: { error: 'unknown' } }]

/** The faults of one node. A call takes at most one scripted fault for each moment, the earliest scripted first. */
export const faultScripts = (): { readonly faults: Faults; readonly plan: (call: Call) => Plan } => {
  let scripts: Script[] = []
  let decide: (call: Call) => Fault | undefined = () => undefined

  const planned = (call: Call): Plan => {
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
    const fault = checkDecided(decide(call))
    return fault === undefined ? noFault : [fault]
  }

  const plan = (call: Call): Plan => {
    try {
      return planned(call)
    } catch (cause) {
      void Promise.reject(cause)
      return broken
    }
  }

  return {
    plan,
    faults: {
      next: (fault) => {
        checkScripted(fault)
        scripts.push({ fault, left: fault.times ?? 1 })
      },
      always: (decider) => {
        checkDecider(decider)
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
