import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { Claim } from '../../../domain/claim.ts'
import type { Failure } from '../../../domain/failure.ts'
import { stopped } from '../cli.ts'
import type { CliDeps } from '../deps.ts'
import { fieldsOf } from '../shape/fields.ts'
import { claimJson } from '../shape/json.ts'
import { readClaim } from '../shape/requests.ts'
import { write } from '../terminal/write.ts'
import { pickUnlucky } from './arrivals.ts'
import type { Delivery } from './delivery.ts'
import { type Endpoint, type Received, receiver } from './receive.ts'

/** Short, since somebody waits for it to be over: the worker renews it until it is killed. */
const lease = 2_000

/** The worker: receives the delivery, says its claim after its first step, and is at work until it is killed. */
export const workUntilKilled = (
  deps: CliDeps,
  ledger: TaskLedger,
  deliveries: ReadonlyArray<Delivery>,
  signal: AbortSignal
): TE.TaskEither<Failure, Received> => {
  // it does not outlive whoever was to kill it
  const alone = new AbortController()
  deps.stdin.resume().once('end', () => alone.abort())
  const work: Endpoint['work'] = (context) => async () => {
    await write(deps.stdout, `${JSON.stringify(claimJson(context.claim))}\n`)
    if (!context.signal.aborted) await once(context.signal, 'abort')
    return E.left(context.signal.reason)
  }
  const signals = AbortSignal.any([signal, alone.signal])
  const receive = receiver(deps, ledger)({ owner: 'worker-killed', lease, waitMs: 0, signal: signals, work })
  const working = pipe(
    TE.fromEither(pickUnlucky(deps, deliveries)),
    TE.flatMap(([crashed]) => receive(crashed))
  )
  // a stdin that is listened to keeps a process alive that has nothing left to do
  return () => working().finally(() => deps.stdin.destroy())
}

/** What came while the worker was at work, and the claim that it held when it was killed. */
export type Killed = { readonly claim: Claim; readonly meanwhile: Received }

/**
 * Starts a worker in a process of its own, this very program; kills it (SIGKILL) at its work, after what is to happen
 * meanwhile. None where its delivery is another's: there is nothing to die with.
 */
export const killedWorker =
  (
    { self, parseJson }: CliDeps,
    file: string,
    meanwhile: TE.TaskEither<Failure, Received>,
    signal: AbortSignal
  ): TE.TaskEither<Failure, Killed | undefined> =>
  async () => {
    const args = [...self.args, 'demo', '--worker', '--file', file]
    const worker = spawn(self.file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(worker, 'exit')
    try {
      for await (const line of createInterface({ input: worker.stdout })) {
        return await pipe(
          TE.fromEither(pipe(parseJson(line), E.flatMap(fieldsOf), E.flatMap(readClaim))),
          TE.bindTo('claim'),
          TE.bind('meanwhile', () => meanwhile)
        )()
      }
      await ended
      // a signal goes to all processes of a terminal; what else a worker dies of it says itself on stderr
      if (signal.aborted) return E.left(stopped)
      if (worker.exitCode !== 0) throw new Error('the worker that was to be killed ended by itself')
      return E.right(undefined)
    } finally {
      worker.kill('SIGKILL')
      await ended
    }
  }
