/** Something that waits for an alarm, in one queue at a time. Its place there is its own, so that leaving costs nothing. */
export type Waiting = {
  at: number
  queue: AlarmQueue | undefined
  earlier: Waiting | undefined
  later: Waiting | undefined
}

/** Those who wait for one alarm: all equally long, so that whoever comes is the last to be rung for. */
export type AlarmQueue = { first: Waiting | undefined; last: Waiting | undefined }

export const notWaiting = (): Waiting => ({ at: 0, queue: undefined, earlier: undefined, later: undefined })

export const enqueue = (queue: AlarmQueue, one: Waiting, at: number): void => {
  leave(one)
  const { last } = queue
  one.at = at
  one.queue = queue
  one.earlier = last
  if (last === undefined) queue.first = one
  else last.later = one
  queue.last = one
}

/** Takes it out of whichever queue it is in. */
export const leave = (one: Waiting): void => {
  const { queue, earlier, later } = one
  if (queue === undefined) return
  if (earlier === undefined) queue.first = later
  else earlier.later = later
  if (later === undefined) queue.last = earlier
  else later.earlier = earlier
  one.queue = undefined
  one.earlier = undefined
  one.later = undefined
}
