import * as E from 'fp-ts/Either'
import type { Imported, Skipped } from '../answers.ts'
import type { Import } from '../commands.ts'
import { nextEpoch } from '../epoch.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import { failure } from '../failure.ts'
import { canonicalJson } from '../json.ts'
import type { Past } from '../past.ts'
import type { IdempotencyRecord } from '../record.ts'
import { hasPoint } from '../recovery-points.ts'
import { epochOf, recordOf, type State } from '../state.ts'
import { type Decision, decided, decidedBy, needsPast, refused, type Settled, usedUp } from './decision.ts'

/** What another system's file says of a record; what it has no place for is this ledger's own. */
const essenceOf = ({
  epoch: _e,
  leaseExpiresAtMs: _l,
  duplicateCount: _d,
  recoveryPoints: _r,
  inDoubt: _i,
  ...rest
}: IdempotencyRecord): string =>
  // by way of text, which leaves out the fields that are absent
  E.getOrElse(() => JSON.stringify(rest))(canonicalJson(JSON.parse(JSON.stringify(rest))))

/**
 * Whether a record says all that another does of work in flight: a doubt that is lost lets somebody do again what was done,
 * and so does a point.
 */
const saysAllOf = ({ recoveryPoints, inDoubt }: IdempotencyRecord, wanted: IdempotencyRecord): boolean =>
  wanted.outcome !== undefined ||
  ((wanted.recoveryPoints ?? []).every((point) => hasPoint(recoveryPoints, point)) &&
    (wanted.inDoubt === undefined ||
      (wanted.inDoubt.sinceMs === inDoubt?.sinceMs && wanted.inDoubt.note === inDoubt.note)))

const bringIn = ({ record, atMs, source }: Import, state: State): Settled<Imported> => {
  const epoch = nextEpoch(epochOf(state))
  if (epoch === undefined) return usedUp
  const event: LedgerEvent = { type: 'Imported', data: { atMs, record: { ...record, epoch }, epoch, source } }
  return decidedBy(state, event, record, (imported) => ({ _tag: 'Imported', record: imported }))
}

const withPast = (command: Import, state: State, past: Past): Settled<Imported | Skipped> => {
  const { record } = command
  const wanted = essenceOf(record)
  const isThere = (held: IdempotencyRecord): boolean => essenceOf(held) === wanted && saysAllOf(held, record)
  const before = [...past.epochs.values()].find(({ imported }) => imported && isThere(imported))
  const current = recordOf(state)
  if (before?.imported !== undefined) return decided(state, { _tag: 'Skipped', record: current ?? before.imported })
  if (current === undefined) return bringIn(command, state)
  return isThere(current)
    ? decided(state, { _tag: 'Skipped', record: current })
    : refused(
        failure('ImportRefused', `${record.recordId} is held already, and differs`, { recordId: record.recordId })
      )
}

/** Brings a record in, only on a vacant key. Running an import again is harmless: what it brought is skipped. */
export const decideImport = (command: Import, state: State): Decision<Imported | Skipped> =>
  epochOf(state) === 0 ? bringIn(command, state) : needsPast('whole', (past) => withPast(command, state, past))
