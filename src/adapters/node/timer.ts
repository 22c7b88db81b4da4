import { performance } from 'node:perf_hooks'
import process from 'node:process'
import * as timers from 'node:timers'
import type { Timer } from '../../application/ports/timer.ts'

// Taken once, when this is loaded: what a test puts in place of the timers afterwards must not stop a store.
const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate } = timers
const { nextTick } = process

/** The longest that one of Node's timers waits, ms: it takes anything longer for 1 ms. */
const longestMs = 2 ** 31 - 1

/** Calls back after `ms`, however long that is; at once in the next turn where it is no length. Gives a way to call it off. */
export const startTimer = (ms: number, callback: () => void): (() => void) => {
  let left = ms
  let timer: NodeJS.Timeout | undefined
  const next = (): void => {
    const now = Math.min(left, longestMs)
    left -= now
    timer = setTimeout(left > 0 ? next : callback, now)
  }
  next()
  return () => clearTimeout(timer)
}

/** Calls back again and again, and keeps no process alive for it. Gives a way to call it off. */
export const startTicking = (ms: number, callback: () => void): (() => void) => {
  const timer = setInterval(callback, ms).unref()
  return () => clearInterval(timer)
}

/** Resolves in this turn of the event loop, once everybody who goes on at once has come to a wait. */
export const everybodyWaits = (): Promise<void> => new Promise((resolve) => nextTick(resolve))

/** Resolves in the next turn of the event loop. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Resolves after `ms`, or once the signal is aborted. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const wake = (): void => {
      callOff()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const callOff = startTimer(ms, wake)
    signal?.addEventListener('abort', wake)
  })

export const nodeTimer: Timer = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => () => sleep(ms, signal)
}
