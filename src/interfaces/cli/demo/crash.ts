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
import { readClaim, readFailure } from '../shape/requests.ts'
import { type Delivery, leaseMs, requestsFor } from './delivery.ts'
import { summarise } from './work.ts'

/** The worker began so long ago that its lease is over by now: time is told, nobody has to wait for it. */
const beganBeforeMs = leaseMs + 30_000
/** Half-way through that lease. */
export const whileLeaseRanMs = beganBeforeMs - leaseMs / 2

const lineFor = (request: ReturnType<typeof requestsFor>[number]): string =>
  `${JSON.stringify({
    op: 'reserve',
    tenant: { org_id: request.tenant.orgId, workspace_id: request.tenant.workspaceId, source: request.tenant.source },
    operation: request.operation,
    key: request.key,
    owner: request.owner,
    request_fingerprint: request.requestFingerprint,
    first_seen_event_id: request.firstSeenEventId,
    lease_ms: request.lease,
    now_ms: request.nowMs
  })}\n`

/** The claim in an answer of the worker, or none: where its delivery is another's, there is nothing to die with. */
const claimsIn = (deps: CliDeps, line: string): E.Either<Failure, ReadonlyArray<Claim>> =>
  pipe(
    deps.parseJson(line),
    E.flatMap(fieldsOf),
    E.flatMap((answer) => {
      if (answer.has('error')) {
        return pipe(
          answer.object('error'),
          E.flatMap(readFailure),
          E.flatMap((failed) => E.left(failed))
        )
      }
      return answer.has('claim')
        ? pipe(
            answer.object('claim'),
            E.flatMap(readClaim),
            E.map((claim) => [claim])
          )
        : E.right([])
    })
  )

/**
 * A worker in a process of its own, this very program: it reserves the delivery's keys and is killed (SIGKILL) before
 * it can complete them. Gives the claims that it held.
 */
export const crashedWorker =
  (
    deps: CliDeps,
    store: string,
    delivery: Delivery,
    signal: AbortSignal
  ): TE.TaskEither<Failure, ReadonlyArray<Claim>> =>
  async () => {
    const { file, args } = deps.self
    const worker = spawn(file, [...args, 'batch', '--store', store], { stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(worker, 'exit')
    // a worker that ends early closes its stdin under our hands; the answers that are missing tell
    worker.stdin.on('error', () => {})
    try {
      const requests = requestsFor(delivery, 'worker-killed', deps.now() - beganBeforeMs)
      for (const request of requests) worker.stdin.write(lineFor(request))
      const claims: Array<Claim> = []
      let answered = 0
      for await (const line of createInterface({ input: worker.stdout })) {
        const claim = claimsIn(deps, line)
        if (E.isLeft(claim)) return claim
        claims.push(...claim.right)
        answered++
        if (answered === requests.length) return E.right(claims)
      }
      // a signal goes to all processes of a terminal; what else a worker dies of it says itself on stderr
      if (signal.aborted) return E.left(stopped)
      throw new Error('the worker that was to be killed ended by itself')
    } finally {
      worker.kill('SIGKILL')
      await ended
    }
  }

/** The killed worker wakes up and completes after all: too late, and it is told so. How often it was. */
export const lateCompletion = (
  ledger: TaskLedger,
  claims: ReadonlyArray<Claim>,
  delivery: Delivery,
  nowMs: number
): TE.TaskEither<Failure, number> =>
  pipe(
    ledger.completeAll({ claims, nowMs, outcome: { ...summarise(delivery, nowMs), outcomeKind: 'processed-twice' } }),
    TE.map((answers) => answers.filter(({ _tag }) => _tag === 'ClaimLost').length)
  )
