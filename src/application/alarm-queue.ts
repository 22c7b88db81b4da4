/** Something that waits for an alarm. Its place in the queue is its own, so that leaving costs nothing. */
export type Waiting = {
  at: number
  queued: boolean
  earlier: Waiting | undefined
  later: Waiting | undefined
}

/** Those who wait for one alarm, the first to be rung for in front. */
export type AlarmQueue<A extends Waiting> = {
  readonly add: (one: A, at: number) => void
  readonly remove: (one: A) => void
  readonly first: () => A | undefined
}

export const notWaiting = (): Waiting => ({ at: 0, queued: false, earlier: undefined, later: undefined })

/** A queue for those who wait equally long: whoever comes is the last to be rung for. */
export const alarmQueue = <A extends Waiting>(): AlarmQueue<A> => {
  let first: Waiting | undefined
  let last: Waiting | undefined
  return {
    add: (one, at) => {
      one.at = at
      one.queued = true
      one.earlier = last
      if (last === undefined) first = one
      else last.later = one
      last = one
    },
    remove: (one) => {
      if (!one.queued) return
      one.queued = false
      const { earlier, later } = one
      if (earlier === undefined) first = later
      else earlier.later = later
      if (later === undefined) last = earlier
      else later.earlier = earlier
      one.earlier = undefined
      one.later = undefined
    },
    first: () => first as A | undefined
  }
}
