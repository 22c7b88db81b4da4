/** How long a turn is waited for, ms. */
const slice = 10

/**
 * Calls back after so many ms, and not before the process had as many turns as a free one has in them: one that is starved
 * finds its timers over before it has read what came meanwhile. Gives what calls it off.
 */
export const after = (ms, then) => {
  let left = Math.ceil(ms / slice)
  let timer
  const next = () => {
    if (left-- > 0) timer = setTimeout(next, slice)
    else then()
  }
  next()
  return () => clearTimeout(timer)
}
