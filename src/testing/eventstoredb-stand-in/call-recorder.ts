import type { Call, Rpc } from './calls.ts'
import type { Node } from './node.ts'

/** Numbers calls by their kind, and keeps them. */
export const recorder = (now: () => number): { readonly calls: Call[]; readonly record: Node['record'] } => {
  const calls: Call[] = []
  const counts = new Map<Rpc, number>()
  return {
    calls,
    record: (call) => {
      const nth = (counts.get(call.rpc) ?? 0) + 1
      counts.set(call.rpc, nth)
      const recorded = { ...call, nth, at: now() }
      calls.push(recorded)
      return recorded
    }
  }
}
