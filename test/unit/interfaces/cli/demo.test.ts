import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../../../src/composition/cli-tools.ts'
import { fingerprint } from '../../../../src/composition/hashing.ts'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { type Failure, failure } from '../../../../src/domain/failure.ts'
import { atOnce } from '../../../../src/interfaces/cli/demo/at-once.ts'
import { type Delivery, keysOf } from '../../../../src/interfaces/cli/demo/delivery.ts'
import { type Endpoint, receiver } from '../../../../src/interfaces/cli/demo/receive.ts'
import { summarise } from '../../../../src/interfaces/cli/demo/work.ts'
import { begin, commandLine } from '../../../support/cli.ts'

const delivery = (id: string, text: string): Delivery => {
  const body = JSON.stringify({ action: text, repository: { full_name: 'a/b' } })
  return { id, host: 'api.github.com', event: 'push', body, digest: fingerprint([body]) }
}
const first = delivery('id-1', 'opened')

const lease = 5_000

const world = () => {
  let now = begin
  const ledger = createLedger({ store: memoryStore(), clock: () => now }).taskEither
  const endpoint = { owner: 'endpoint', lease, waitMs: 0 }
  return {
    ledger,
    pass: (ms: number) => {
      now += ms
    },
    receiving: (over: Partial<Endpoint> = {}) => receiver(cliTools, ledger)({ ...endpoint, ...over }),
    receive: receiver(cliTools, ledger)(endpoint)
  }
}

const requestsOf = (delivery: Delivery) => {
  const [byId, byBody] = keysOf(delivery)
  const shared = { requestFingerprint: delivery.digest, owner: 'gone', lease }
  return [
    { ...byId, ...shared },
    { ...byBody, ...shared }
  ] as const
}

const right = async <A>(task: TE.TaskEither<Failure, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}

describe('a delivery', () => {
  const summary = summarise(first)

  it('is processed once; whoever comes again is told the first outcome', async () => {
    const { receive } = world()
    expect(await right(receive(first))).toEqual({ seen: 'processed', summary })
    expect(await right(receive(first))).toEqual({ seen: 'replayed', summary })
    expect(await right(receive({ ...first, id: 'id-2' }))).toEqual({ seen: 'same body', summary })
    expect(await right(receive(delivery('id-1', 'tampered')))).toEqual({ seen: 'conflict' })
    expect(await right(receive(delivery('id-3', 'closed')))).toMatchObject({ seen: 'processed' })
  })

  it('is taken over from a worker that is gone, once its lease is over', async () => {
    const { ledger, receive, pass } = world()
    await right(ledger.reserveAll(requestsOf(first)))
    expect(await right(receive(first))).toEqual({ seen: 'in flight' })
    pass(lease)
    expect(await right(receive(first))).toEqual({ seen: 'taken over', summary })
  })

  it('is gone on with after the step that such a worker has on record', async () => {
    const { ledger, receive, pass } = world()
    const reserved = await right(ledger.reserveAll(requestsOf(first)))
    const [byId] = reserved._tag === 'AllReserved' ? reserved.reservations : []
    if (byId === undefined) return expect.fail('nothing was reserved')
    await right(ledger.reachRecoveryPoint({ claim: byId.claim, name: 'read', data: { ...summary } }))
    pass(lease)
    expect(await right(receive(first))).toEqual({ seen: 'taken over', spared: true, summary })
  })

  it('whose worker crashed between the two completions is mended by the next one', async () => {
    const { ledger, receive, pass } = world()
    const reserved = await right(ledger.reserveAll(requestsOf(first)))
    const [, byBody] = reserved._tag === 'AllReserved' ? reserved.reservations : []
    if (byBody === undefined) return expect.fail('nothing was reserved')
    const outcome = { outcomeKind: 'succeeded', details: { ...summary } }
    await right(ledger.complete({ claim: byBody.claim, outcome }))
    pass(lease)
    expect(await right(receive(first))).toEqual({ seen: 'replayed', summary })
    expect(await right(ledger.get(keysOf(first)[0]))).toMatchObject({ outcome })
    expect(await right(receive(delivery('id-1', 'tampered')))).toEqual({ seen: 'conflict' })
  })

  it('whose connection was lost is in doubt, and run by nobody', async () => {
    const { receiving, receive, pass } = world()
    expect(await right(receiving({ work: () => TE.left('lost') })(first))).toEqual({ seen: 'in doubt' })
    pass(100 * lease)
    expect(await right(receive(first))).toEqual({ seen: 'in doubt' })
  })

  /** A worker that sleeps, each time it is at work, until another one has taken its delivery over. */
  const sleepy = ({ receiving, pass }: ReturnType<typeof world>, wake: (taken: number) => Promise<unknown>) => {
    let taken = 0
    return receiving({
      work: () => async () => {
        pass(lease)
        return E.right(await wake(++taken))
      }
    })
  }

  it('that another worker took over meanwhile is answered with what that one stored', async () => {
    const there = world()
    const receive = sleepy(there, () => there.receive(first)())
    expect(await right(receive(first))).toEqual({ seen: 'replayed', summary })
  })

  it('that is taken over again and again is given up, with an honest tag', async () => {
    const there = world()
    let lost = 0
    const receive = sleepy(there, async (taken) => {
      lost = taken
      // the other one takes it over, and is gone before it is done
      await there.ledger.reserveAll(requestsOf(first))()
      there.pass(lease)
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
