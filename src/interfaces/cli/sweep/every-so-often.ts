import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure, FailureTag } from '../../../domain/failure.ts'
import type { Cli } from '../cli.ts'
import { inSnakeCase } from '../shape/snake-case.ts'

/** Failures that pass: whoever keeps watch tells them and goes on. */
const passing: ReadonlySet<FailureTag> = new Set([
  'Contended',
  'AppendUnknown',
  'Overloaded',
  'StoreBusy',
  'StoreFull',
  'StoreReadOnly',
  'StoreTimeout',
  'StoreUnavailable'
])

/** The longest that a timer can be set to. */
const longest = 2 ** 31 - 1

/** Between nine tenths of a length and all of it, so that many who began together drift apart. */
const about = (ms: number): number => Math.min(longest, ms * (0.9 + Math.random() / 10))

/** Waits; true where the signal came first. */
const stoppedIn = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, undefined, { signal }).then(
    () => false,
    () => true
  )

/** Does work again and again until the signal comes, whatever passing failures it meets; ends with any other. */
export const everySoOften =
  (cli: Cli, everyMs: number, work: () => TaskEither<Failure, void>): TaskEither<Failure, void> =>
  async () => {
    // it lasts as long as nobody stops it: that is what it is for
    while (!cli.signal.aborted) {
      const done = await work()()
      if (E.isLeft(done)) {
        if (!passing.has(done.left._tag)) return done
        const { _tag, message } = inSnakeCase(done.left)
        await cli.remark([`sweep failed: ${_tag}: ${message}`])
      }
      if (await stoppedIn(about(everyMs), cli.signal)) break
    }
    return E.right(undefined)
  }
