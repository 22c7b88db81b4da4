import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import type { TaskLedger } from '../../../../src/application/ledger.ts'
import { fingerprint } from '../../../../src/composition/hashing.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { type Failure, failure } from '../../../../src/domain/failure.ts'
import { atOnce } from '../../../../src/interfaces/cli/demo/at-once.ts'
import {
  type Delivery,
  leaseMs,
  operation,
  requestsFor,
  tenantOf
} from '../../../../src/interfaces/cli/demo/delivery.ts'
import { comingAgain, type Received, receiver } from '../../../../src/interfaces/cli/demo/receive.ts'
import { summarise } from '../../../../src/interfaces/cli/demo/work.ts'
import { begin, commandLine } from '../../../support/cli.ts'

const delivery = (id: string, text: string): Delivery => {
  const body = JSON.stringify({ action: text, repository: { full_name: 'a/b' } })
  return { id, host: 'api.github.com', event: 'push', body, digest: fingerprint([body]) }
}
const first = delivery('id-1', 'opened')

const world = () => {
  let now = begin
  const ledger = createLedger({ store: memoryStore(), clock: () => now }).taskEither
  const clock = () => now
  return {
    ledger,
    clock,
    pass: (ms: number) => {
      now += ms
    },
    receive: receiver(ledger, 'endpoint', clock)
  }
}

const right = async <A>(task: TE.TaskEither<Failure, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}

describe('a delivery', () => {
  it('is processed once; whoever comes again is told the first outcome', async () => {
    const { receive } = world()
    const outcome = summarise(first, begin)
    expect(await right(receive(first))).toEqual({ seen: 'processed', outcome })
    expect(await right(receive(first))).toEqual({ seen: 'replayed', outcome })
    expect(await right(receive({ ...first, id: 'id-2' }))).toEqual({ seen: 'same body', outcome })
    expect(await right(receive(delivery('id-1', 'tampered')))).toEqual({ seen: 'conflict' })
    expect(await right(receive(delivery('id-3', 'closed')))).toMatchObject({ seen: 'processed' })
  })

  it('is taken over from a worker that is gone, once its lease is over', async () => {
    const { ledger, receive, pass } = world()
    await right(ledger.reserveAll(requestsFor(first, 'gone', undefined)))
    expect(await right(receive(first))).toEqual({ seen: 'in flight' })
    pass(leaseMs)
    expect(await right(receive(first))).toMatchObject({ seen: 'taken over', outcome: { outcomeKind: 'processed' } })
  })

  it('whose worker crashed between the two completions is mended by the next one', async () => {
    const { ledger, receive, pass, clock } = world()
    const reserved = await right(ledger.reserveAll(requestsFor(first, 'gone', undefined)))
    const [, byBody] = reserved._tag === 'AllReserved' ? reserved.reservations : []
    if (byBody === undefined) return expect.fail('nothing was reserved')
    const outcome = summarise(first, clock())
    await right(ledger.complete({ claim: byBody.claim, outcome }))
    pass(leaseMs)
    expect(await right(receive(first))).toEqual({ seen: 'replayed', outcome })
    const byId = { tenant: tenantOf(first), operation: operation.delivery, key: first.id }
    expect(await right(ledger.get(byId))).toMatchObject({ outcome })
    expect(await right(receive(delivery('id-1', 'tampered')))).toEqual({ seen: 'conflict' })
  })

  /** A worker that sleeps, each time it has claimed a delivery, until another one has taken it over. */
  const sleepy = ({ ledger, clock, pass }: ReturnType<typeof world>, wake: (taken: number) => Promise<unknown>) => {
    let taken = 0
    const reserveAll: TaskLedger['reserveAll'] = (requests) => async () => {
      const answer = await ledger.reserveAll(requests)()
      if (E.isRight(answer) && answer.right._tag === 'AllReserved') {
        pass(leaseMs)
        await wake(++taken)
      }
      return answer
    }
    return receiver({ ...ledger, reserveAll }, 'sleepy', clock)
  }

  it('that another worker took over meanwhile is answered with what that one stored', async () => {
    const there = world()
    const receive = sleepy(there, () => there.receive(first)())
    const received = await right(receive(first))
    expect(received).toEqual({ seen: 'replayed', outcome: summarise(first, begin + leaseMs) })
  })

  it('that is taken over again and again is given up, with an honest tag', async () => {
    const there = world()
    let lost = 0
    const receive = sleepy(there, async (taken) => {
      lost = taken
      // the other one takes it over, and is gone before it is done
      await there.ledger.reserveAll(requestsFor(first, 'gone', undefined))()
      there.pass(leaseMs)
    })
    expect(await receive(first)()).toMatchObject({ left: { _tag: 'Contended' } })
    expect(lost).toBe(4)
  })
})

describe('the command', () => {
  it('keeps its own file and its own keys', async () => {
    for (const option of ['--store=memory:', '--category=c']) {
      const { run, opened } = commandLine()
      expect(await run(['demo', option])).toMatchObject({ code: 10, stdout: '' })
      expect(opened).toEqual([])
    }
  })
})

describe('coming again', () => {
  const answers = (...seen: ReadonlyArray<Received['seen']>) => {
    const rest = [...seen]
    return () => TE.right<Failure, Received>({ seen: rest.shift() ?? 'in flight' })
  }
  const waits: Array<number> = []
  const wait = (ms: number) => TE.fromIO(() => void waits.push(ms))

  it('ends with an answer, and waits longer each time', async () => {
    waits.length = 0
    const receive = comingAgain(answers('in flight', 'in flight', 'in flight', 'replayed'), wait, 10_000)
    expect(await right(receive(first))).toEqual({ seen: 'replayed' })
    expect(waits).toEqual([20, 40, 80])
  })
  it('ends when patience does', async () => {
    waits.length = 0
    expect(await right(comingAgain(answers(), wait, 1000)(first))).toEqual({ seen: 'in flight' })
    expect(waits.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(1000)
  })
  it('ends at once where waiting was stopped, or receiving failed', async () => {
    const stopped = failure('Aborted', 'stopped')
    expect(await comingAgain(answers(), () => TE.left(stopped), 1000)(first)()).toEqual(E.left(stopped))
    expect(await comingAgain(() => TE.left(stopped), wait, 1000)(first)()).toEqual(E.left(stopped))
  })
})

describe('many at once', () => {
  const letTurnsPass = (turns: number) => async () => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  }
  it('are answered in their order, and no more than so many are in work', async () => {
    let inWork = 0
    let most = 0
    const work = (item: number) =>
      TE.fromTask<number, Failure>(async () => {
        most = Math.max(most, ++inWork)
        await letTurnsPass(10 - item)()
        inWork--
        return item * 2
      })
    const answers = await right(atOnce(3, new AbortController().signal)([0, 1, 2, 3, 4, 5, 6, 7], work))
    expect(answers).toEqual([0, 2, 4, 6, 8, 10, 12, 14])
    expect(most).toBe(3)
  })
  it('end with the first failure', async () => {
    const begun: Array<number> = []
    const work = (item: number) => {
      begun.push(item)
      return item === 1 ? TE.left(failure('StoreFull', 'no room')) : TE.right(item)
    }
    const result = await atOnce(1, new AbortController().signal)([0, 1, 2, 3], work)()
    expect(result).toMatchObject({ left: { _tag: 'StoreFull' } })
    expect(begun).toEqual([0, 1])
  })
  it('stop when they are told to; what was begun is finished', async () => {
    const controller = new AbortController()
    const finished: Array<number> = []
    const work = (item: number) =>
      TE.fromTask<void, Failure>(async () => {
        if (item === 1) controller.abort()
        await letTurnsPass(3)()
        finished.push(item)
      })
    expect(await atOnce(2, controller.signal)([0, 1, 2, 3], work)()).toMatchObject({ left: { _tag: 'Aborted' } })
    expect(finished.toSorted()).toEqual([0, 1])
  })
})
