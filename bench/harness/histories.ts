import {
  type CommandInput,
  claimHash,
  decide,
  defaultPolicy,
  evolve,
  initialState,
  type LedgerEvent
} from '../../src/index.ts'
import { outcome, requestFor, tenant } from './requests.ts'

export type Shape = { readonly duplicates: number; readonly conflicts: number; readonly takeovers: number }

type Reserve = Extract<CommandInput, { _tag: 'Reserve' }>

/** The events of one key's life, as `decide` gives them: reserved, seen again, taken over, completed. */
export const keyHistory = ({ duplicates, conflicts, takeovers }: Shape, n: number): ReadonlyArray<LedgerEvent> => {
  const all: Array<LedgerEvent> = []
  let state = initialState
  let nowMs = 1_700_000_000_000 + n
  const run = (command: CommandInput): void => {
    const decision = decide(command, state)
    if (decision._tag !== 'Decided') throw new Error(`not decided: ${decision._tag}`)
    for (const event of decision.events) {
      all.push(event)
      state = evolve(state, { ...event, id: `${n}-${all.length}` })
    }
  }
  const reserve = (extra: Partial<Reserve> = {}): void => {
    const { lease, ...request } = requestFor(`key-${n}`)
    run({
      ...request,
      tenant,
      _tag: 'Reserve',
      atMs: nowMs,
      recordId: `idem_${'0'.repeat(64)}`,
      lease,
      claimId: `claim-${all.length}`,
      claimHash: claimHash(`claim-${all.length}`),
      policy: defaultPolicy,
      ...extra
    })
    nowMs += 10
  }
  reserve()
  for (let taken = 0; taken < takeovers; taken++) {
    nowMs += 60_000
    reserve()
  }
  for (let seen = 0; seen < duplicates; seen++) reserve()
  for (let seen = 0; seen < conflicts; seen++) reserve({ requestFingerprint: `sha256:other-${seen}` })
  if (state._tag !== 'Held' || state.claimHash === undefined) throw new Error('the key is held by now')
  const holder = { epoch: state.record.epoch, claimHash: state.claimHash }
  run({ _tag: 'Complete', atMs: nowMs, holder, outcome: { ...outcome, completedAtMs: nowMs } })
  return all
}
