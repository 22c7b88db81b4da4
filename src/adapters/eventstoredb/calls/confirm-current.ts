import * as E from 'fp-ts/Either'
import type { ConfirmCurrent, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { type Context, noTimeLeft, withTime } from '../client/client.ts'
import type { Wire } from '../client/wire.ts'
import { withinMs } from './deadline.ts'
import { judge } from './to-store-error.ts'

const noMajority: StoreError = failure(
  'StoreUnavailable',
  'no node is named as the leader by most nodes of the cluster: what one of them shows may be behind'
)

const silent: StoreError = failure('StoreTimeout', 'the nodes of the cluster did not tell in time which one leads')

/**
 * A leader that another was elected after goes on to serve reads until it learns of it. So most of its cluster are to say
 * that the node that is read from leads; what is read after that is as of then.
 */
export const confirmCurrent =
  (context: Context, toLeader: NonNullable<Wire['toLeader']>): ConfirmCurrent =>
  (within) =>
  async () => {
    const { deadlineMs, lifetime } = withTime(context, within)
    if (lifetime.isOver()) return E.left(disposedOf)
    if (deadlineMs <= 0) return E.left(noTimeLeft)
    try {
      const timed = await withinMs(deadlineMs, lifetime, toLeader)
      if (timed._tag === 'StoreOver') return E.left(disposedOf)
      if (timed._tag === 'Overdue') return E.left(silent)
      return timed.value ? E.right('fromNowOn') : E.left(noMajority)
    } catch (cause) {
      return E.left(judge(cause).error)
    }
  }
