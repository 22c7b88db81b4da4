import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Classification } from '../../src/application/effects/classify.ts'
import type { OnceAnswer } from '../../src/application/effects/once-answer.ts'
import { leaseMs, onceWorld } from '../support/once-world.ts'
import { keyOf } from '../support/scripted-ledger.ts'
import { connectionLost, lostAfter, lostBefore, notWritten } from '../support/scripted-store.ts'

type Ending = 'value' | 'definitive' | 'transient' | 'ambiguous' | 'dies'

/** What happens, one after another. */
type Happening =
  | { readonly do: 'ask'; readonly by: 'here' | 'there'; readonly ends: Ending; readonly afterMs: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'leap'; readonly ms: number }
  | { readonly do: 'fault'; readonly what: 'notWritten' | 'lostBefore' | 'lostAfter' }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      by: fc.constantFrom('here' as const, 'there' as const),
      ends: fc.constantFrom<Ending>('value', 'definitive', 'transient', 'ambiguous', 'dies'),
      afterMs: fc.constantFrom(0, 1000, leaseMs * 1.5)
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1000, leaseMs / 2, leaseMs) })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leap' as const), ms: fc.constantFrom(-leaseMs, leaseMs) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      what: fc.constantFrom('notWritten' as const, 'lostBefore' as const, 'lostAfter' as const)
    })
  }
)

const faults = { notWritten: notWritten(connectionLost), lostBefore, lostAfter }

/** The words of a task's errors are their classification. */
const onThrow = (error: unknown): Classification =>
  error instanceof Error && (error.message === 'definitive' || error.message === 'transient')
    ? error.message
    : 'ambiguous'

describe('whatever happens to those who ask for one effect', () => {
  it('it runs at most once an epoch, every later time as a recorded takeover or after it was given back, and never after its end', () =>
    fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 12 }), async (happenings) => {
        const { run, rivalRuns, store, clock, time, pass, rival } = onceWorld({ deadlineMs: 500 })
        const ran: Array<number> = []
        const endings = new Map<number, Ending>()
        const answers: Array<Promise<OnceAnswer<string> | 'threw'>> = []
        for (const one of happenings) {
          if (one.do === 'pass') await pass(one.ms, 2500)
          else if (one.do === 'leap') clock.offset += one.ms
          else if (one.do === 'fault') store.onAppend(faults[one.what])
          else {
            const ask = one.by === 'here' ? run<string> : rivalRuns<string>
            const answer = ask(
              async ({ attempt, signal }) => {
                ran.push(attempt)
                endings.set(attempt, one.ends)
                await time.sleep(one.afterMs, signal)()
                if (one.ends === 'dies') return new Promise<never>(() => {})
                if (one.ends === 'value') return 'value'
                throw new Error(one.ends)
              },
              { onThrow, maxDurationMs: 4 * leaseMs }
            )
            answers.push(answer.catch(() => 'threw' as const))
            await pass(0)
          }
        }
        await pass(6 * leaseMs, 2500)
        const history = await rival.history(keyOf())
        const reserved = history.flatMap((event) => (event.type === 'Reserved' ? [event.data] : []))
        expect(new Set(ran).size).toBe(ran.length)
        for (const epoch of ran) {
          const mine = reserved.find((data) => data.epoch === epoch)
          expect(mine).toBeDefined()
          if (epoch > 1) expect(['lease', 'released']).toContain(mine?.after?.reason)
        }
        for (const { after } of reserved) {
          // given back is what did not run, or says itself that nothing happened
          if (after?.reason === 'released') expect([undefined, 'transient']).toContain(endings.get(after.epoch))
        }
        // nothing begins on a key that has an outcome, or is in doubt
        const end = history.findIndex(({ type }) => type === 'Completed' || type === 'MarkedInDoubt')
        if (end >= 0) expect(history.slice(end).filter(({ type }) => type === 'Reserved')).toEqual([])
        // nobody is told a value that is not the one of the key
        const outcome = (await rival.get(keyOf()))?.outcome
        const told = await Promise.all(answers.map((answer) => Promise.race([answer, pass(0)])))
        for (const answer of told) {
          if (typeof answer !== 'object') continue
          if (answer._tag === 'Ran' || answer._tag === 'Replayed') expect(outcome?.details).toBe(answer.value)
        }
      }),
      { numRuns: 60 }
    ))
})

describe('an effect that nobody knows of', () => {
  it('is not run over, though leases lapse and rivals ask for an hour; only an operator ends it', async () => {
    const { run, rivalRuns, rival, pass } = onceWorld()
    const ran: Array<number> = []
    const task = async ({ attempt }: { readonly attempt: number }) => {
      ran.push(attempt)
      if (attempt === 1) throw new Error('the connection broke')
      return 'anew'
    }
    expect(await run(task, { retentionMs: 60_000 })).toMatchObject({ _tag: 'InDoubt' })
    const minute = 60_000
    for (let n = 0; n < 60; n++) {
      await pass(minute, minute)
      expect(await rivalRuns(task, { recover: () => 'notFound' })).toMatchObject({ _tag: 'InDoubt' })
      expect(await run(task, { inFlight: { wait: 1000 } })).toMatchObject({ _tag: 'InDoubt' })
    }
    expect(ran).toEqual([1])
    await rival.expireByOperator({ ...keyOf(), actor: 'eve', note: 'the provider never saw it' })
    expect(await run(task)).toMatchObject({ _tag: 'Ran', value: 'anew' })
    expect(ran).toEqual([1, 2])
  })
})
