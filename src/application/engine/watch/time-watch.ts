import type { IO } from 'fp-ts/IO'
import type { Settings } from '../../settings.ts'
import { type AlarmQueue, enqueue, leave, notWaiting, type Waiting } from './alarm-queue.ts'

/**
 * Rings for whoever it was set for once their time is over, unless they left its queue before that. Whoever has just asked what
 * time it is says so: to ask for it is most of what an alarm costs.
 */
export type Alarm<A extends Waiting> = (one: A, now?: number) => void

/** Watches over everybody's time while the store is asked: nobody else here keeps others waiting. */
export type TimeWatch = {
  /** An alarm that rings `ms` after it was set. */
  readonly alarm: <A extends Waiting>(ms: number, ring: (one: A) => void) => Alarm<A>
  /** A call to the store, while which alarms ring. */
  readonly during: <A>(call: () => Promise<A>) => Promise<A>
}

/**
 * One sleeper for all alarms, which sleeps until the first of them. What is answered within its turn of the event loop
 * costs no timer, and a short gap between two calls does not end one.
 */
export const timeWatch = ({ timer, nextTurn }: Pick<Settings, 'timer' | 'nextTurn'>): TimeWatch => {
  const alarms: Array<{ readonly queue: AlarmQueue; readonly ring: (one: Waiting) => void }> = []
  let calls = 0
  let watching = false
  let leaving = false
  let sleeper: { readonly until: number; readonly end: AbortController } | undefined

  const ringDue = (): void => {
    const now = timer.monotonicMs()
    for (const { queue, ring } of alarms) {
      for (let one = queue.first; one !== undefined && one.at <= now; one = queue.first) {
        leave(one)
        ring(one)
      }
    }
  }

  const firstAt = (): number =>
    alarms.reduce((first, { queue }) => Math.min(first, queue.first?.at ?? first), Number.POSITIVE_INFINITY)

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
  const goAway = async (): Promise<void> => {
    leaving = true
    await nextTurn()
    leaving = false
    if (calls === 0) sleeper?.end.abort()
  }

  const over = (): void => {
    calls--
    if (calls === 0 && !leaving) void goAway()
  }

  return {
    alarm: <A extends Waiting>(ms: number, ring: (one: A) => void): Alarm<A> => {
      const queue: AlarmQueue = { first: undefined, last: undefined }
      // the queue holds only what its own alarm was set for
      alarms.push({ queue, ring: ring as (one: Waiting) => void })
      return (one, now = timer.monotonicMs()) => {
        enqueue(queue, one, now + ms)
        if (sleeper !== undefined && one.at < sleeper.until) sleeper.end.abort()
      }
    },
    during: (call) => {
      calls++
      if (!watching) void watch()
      const answered = call()
      answered.then(over, over)
      return answered
    }
  }
}

type Bounded = Waiting & { readonly over: IO<void> }

/** Gives works so long; whoever does one may never answer. */
export const timeLimit = (watch: TimeWatch, ms: number) => {
  const alarm = watch.alarm<Bounded>(ms, ({ over }) => over())
  return <A>(work: () => Promise<A>, late: A): Promise<A> =>
    new Promise((resolve, reject) => {
      const one: Bounded = { ...notWaiting(), over: () => resolve(late) }
      alarm(one)
      watch
        .during(work)
        .then(resolve, reject)
        .finally(() => leave(one))
    })
}
