import type { IO } from 'fp-ts/IO'
import type { Settings } from './settings.ts'

/** Rings once its time is over, unless it is called off before; gives a way to call it off. */
export type Alarm = (ring: IO<void>) => IO<void>

/** Watches over everybody's time while the store is asked: nobody else here keeps others waiting. */
export type TimeWatch = {
  /** An alarm that rings after `ms`. */
  readonly alarm: (ms: number) => Alarm
  /** A call to the store, while which alarms ring. */
  readonly during: <A>(call: () => Promise<A>) => Promise<A>
}

type Waiting = { readonly at: number; readonly ring: IO<void> }

/**
 * One sleeper for all alarms, which sleeps until the first of them. What is answered within its turn of the event loop
 * costs no timer, and a short gap between two calls does not end one.
 */
export const timeWatch = ({ timer, nextTurn }: Pick<Settings, 'timer' | 'nextTurn'>): TimeWatch => {
  // whoever waits on one alarm waits equally long: the first to come is the first to be rung for
  const alarms: Array<Set<Waiting>> = []
  let calls = 0
  let watching = false
  let leaving = false
  let sleeper: { readonly until: number; readonly end: AbortController } | undefined

  const ringDue = (): void => {
    const now = timer.monotonicMs()
    for (const waiting of alarms) {
      for (const one of waiting) {
        if (one.at > now) break
        waiting.delete(one)
        one.ring()
      }
    }
  }

  const firstAt = (): number => {
    let first = Number.POSITIVE_INFINITY
    for (const [one] of alarms) if (one !== undefined) first = Math.min(first, one.at)
    return first
  }

  const watch = async (): Promise<void> => {
    watching = true
    try {
      for (;;) {
        await nextTurn()
        if (calls === 0) return
        ringDue()
        const until = firstAt()
        if (until === Number.POSITIVE_INFINITY) return
        sleeper = { until, end: new AbortController() }
        await timer.sleep(Math.max(0, until - timer.monotonicMs()), sleeper.end.signal)()
      }
    } catch {
      // a timer that fails breaks its contract: the next call tries it anew
    } finally {
      sleeper = undefined
      watching = false
    }
  }

  /** A timer must not keep the process alive once nobody waits. */
  const leave = async (): Promise<void> => {
    leaving = true
    await nextTurn()
    leaving = false
    if (calls === 0) sleeper?.end.abort()
  }

  return {
    alarm: (ms) => {
      const waiting = new Set<Waiting>()
      alarms.push(waiting)
      return (ring) => {
        const one = { at: timer.monotonicMs() + ms, ring }
        waiting.add(one)
        if (sleeper !== undefined && one.at < sleeper.until) sleeper.end.abort()
        return () => {
          waiting.delete(one)
        }
      }
    },
    during: async (call) => {
      calls++
      if (!watching) void watch()
      try {
        return await call()
      } finally {
        calls--
        if (calls === 0 && !leaving) void leave()
      }
    }
  }
}

/** What a work comes to, or what is said once its time is over: whoever does it may never answer. */
export const withinTime = <A>(alarm: Alarm, work: Promise<A>, over: IO<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const callOff = alarm(() => resolve(over()))
    work.then(resolve, reject).finally(callOff)
  })
