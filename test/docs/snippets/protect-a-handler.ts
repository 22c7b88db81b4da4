import { type Claim, fingerprint, type Ledger, type Outcome } from 'keyfold'

type Command = { readonly id: string; readonly customer: string; readonly body: string }
type Effects = {
  /** Does the work. Throws where it is certain that nothing happened. */
  readonly charge: (command: Command) => Promise<{ readonly chargeId: string }>
  /** Asks the outside whether the work was done by somebody who did not live to say so. */
  readonly findCharge: (command: Command) => Promise<{ readonly chargeId: string } | undefined>
}

const heartbeat = (ledger: Ledger, claim: Claim, leaseMs: number) => {
  const timer = setInterval(() => void ledger.renew({ claim, leaseMs }).catch(() => {}), leaseMs / 3)
  return () => clearInterval(timer)
}

export type Handled =
  | { readonly _tag: 'Done'; readonly outcome: Outcome | undefined }
  | { readonly _tag: 'InFlight'; readonly askAgainAtMs: number | undefined }
  | { readonly _tag: 'InDoubt' }
  | { readonly _tag: 'OtherRequest' }

export const handle = async (ledger: Ledger, effects: Effects, command: Command): Promise<Handled> => {
  const leaseMs = 30_000
  const answer = await ledger.reserve({
    tenant: { orgId: 'acme', workspaceId: command.customer },
    operation: 'payment.charge',
    key: command.id,
    owner: 'payments-worker',
    requestFingerprint: fingerprint([command.body]),
    lease: leaseMs,
    retentionMs: 7 * 24 * 3_600_000
  })
  switch (answer._tag) {
    case 'Conflict':
      return { _tag: 'OtherRequest' }
    case 'InDoubt':
      // somebody must find out whether the charge happened: neither this key nor a new one is tried before that
      return { _tag: 'InDoubt' }
    case 'Gone':
      return { _tag: 'Done', outcome: answer.previous.outcome }
    case 'Duplicate':
      // decide by the outcome, never by the status: a conflicted record may hold one
      return answer.record.outcome === undefined
        ? { _tag: 'InFlight', askAgainAtMs: answer.record.leaseExpiresAtMs }
        : { _tag: 'Done', outcome: answer.record.outcome }
    case 'Reserved': {
      const { claim } = answer
      const stop = heartbeat(ledger, claim, leaseMs)
      try {
        const found = answer.takeover ? await effects.findCharge(command) : undefined
        const { chargeId } = found ?? (await effects.charge(command))
        const completed = await ledger.complete({
          claim,
          outcome: { outcomeKind: 'charged', primaryRefKind: 'charge', primaryRefId: chargeId }
        })
        return { _tag: 'Done', outcome: completed.record?.outcome }
      } catch (cause) {
        // nothing happened: give the key back, so that a retry need not wait for the lease
        if (cause instanceof NothingHappened) await ledger.release({ claim, note: cause.message })
        throw cause
      } finally {
        stop()
      }
    }
  }
}

export class NothingHappened extends Error {}
